"""Callers we cannot serve get a document that needs nothing more from us than sound."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.telephony.test_twiml import BASE, LINKS, NUMBERS, parsed
from voicebot.dialog.effects import Brief, HangUp, Listen, Say, Target, Transfer
from voicebot.telephony.ways_out import ROUNDS, no_room, on_their_own, to_person

CLOSED = replace(LINKS, closed=tuple(set(Target) - {Target.AFTER_HOURS}))
NOBODY = replace(LINKS, closed=tuple(Target))


def outline(document):
    """Return the verbs of a document, each with what it says or whom it rings."""
    return [(verb.tag, "".join(verb.itertext()).removeprefix(f"{BASE}/voice/prompts/")) for verb in parsed(document)]


def test_without_room_a_person_is_rung_and_the_caller_told_what_to_do_after_that():
    assert outline(no_room(LINKS)) == [
        ("Play", "no_room/abc.wav"),
        ("Dial", NUMBERS[Target.FRONT_DESK]),
        ("Say", "words of still_here"),
        ("Hangup", ""),
    ]


def test_without_room_after_hours_whoever_is_on_call_is_rung():
    assert ("Dial", NUMBERS[Target.AFTER_HOURS]) in outline(no_room(CLOSED))


def test_without_room_and_with_nobody_there_the_caller_hears_what_to_do():
    assert outline(no_room(NOBODY)) == [("Play", "no_room.closed/abc.wav"), ("Hangup", "")]


@pytest.mark.parametrize(
    ("links", "rung"), [(LINKS, Target.FRONT_DESK), (CLOSED, Target.AFTER_HOURS), (NOBODY, Target.FRONT_DESK)]
)
def test_a_call_that_broke_reaches_whoever_there_is_at_any_hour(links, rung):
    assert outline(to_person(links)) == [
        ("Dial", NUMBERS[rung]),
        ("Say", "words of still_here"),
        ("Hangup", ""),
    ]


@pytest.mark.parametrize("document", [no_room(LINKS), to_person(LINKS)])
def test_nobody_is_asked_to_take_such_a_call(document):
    (dial,) = (verb for verb in parsed(document) if verb.tag == "Dial")
    assert dial.attrib == {"timeout": "30"}
    assert dial[0].attrib == {}


def test_on_their_own_the_carrier_says_the_words_and_rings():
    effects = (Say(("advice.emergency_room", "to_person.fault")), Brief("whisper.x"), Transfer(Target.NURSE))
    assert outline(on_their_own(effects, LINKS)) == [
        ("Say", "words of advice.emergency_room"),
        ("Say", "words of to_person.fault"),
        ("Dial", NUMBERS[Target.NURSE]),
        ("Say", "words of still_here"),
        ("Hangup", ""),
    ]


def test_on_their_own_last_words_are_said_to_the_end():
    effects = (Say(("advice.call_911", "goodbye")), HangUp())
    assert outline(on_their_own(effects, LINKS)) == [
        ("Say", "words of advice.call_911"),
        ("Say", "words of goodbye"),
        ("Hangup", ""),
    ]


NO_MORE_WORDS = (Say(("transfer.front_desk",)), Brief("whisper.suicide"), Transfer(Target.FRONT_DESK))


def test_on_their_own_who_spoke_of_suicide_is_never_left_with_one_attempt():
    verbs = outline(on_their_own(NO_MORE_WORDS, LINKS, stays=True))
    assert verbs[:3] == [
        ("Say", "words of transfer.front_desk"),
        ("Dial", NUMBERS[Target.FRONT_DESK]),
        ("Say", "words of staying.nobody"),
    ]
    rung = [number for tag, number in verbs if tag == "Dial"]
    assert len(rung) == ROUNDS * len(set(rung))
    after_each = [then for (tag, _), (then, _) in itertools.pairwise(verbs) if tag == "Dial"]
    assert set(after_each) == {"Say"}, "whatever comes of it, the number to call is said"
    assert "Hangup" not in dict(verbs)
    assert verbs[-1] == ("Redirect", f"{BASE}/voice/resume#rc=4&rp=all"), "the next process goes on"


def test_on_their_own_everybody_who_is_there_is_rung_for_them_one_after_another():
    rung = [number for tag, number in outline(on_their_own(NO_MORE_WORDS, LINKS, stays=True)) if tag == "Dial"]
    assert set(rung) == {NUMBERS[target] for target in Target}
    rung = [number for tag, number in outline(on_their_own((), CLOSED, stays=True)) if tag == "Dial"]
    assert set(rung) == {NUMBERS[Target.AFTER_HOURS]}
    rung = [number for tag, number in outline(on_their_own((), NOBODY, stays=True)) if tag == "Dial"]
    assert set(rung) == {NUMBERS[Target.FRONT_DESK]}, "at any hour"


def test_on_their_own_last_words_do_not_end_such_a_call():
    verbs = outline(on_their_own((Say(("suicide.heard",)), HangUp()), LINKS, stays=True))
    assert verbs[0] == ("Say", "words of suicide.heard")
    assert ("Dial", NUMBERS[Target.FRONT_DESK]) in verbs


def test_a_document_for_them_is_not_too_large_for_a_carrier():
    wordy = replace(LINKS, text=lambda _: "word " * 70)
    assert len(on_their_own(NO_MORE_WORDS, wordy, stays=True).encode()) < 64_000


@pytest.mark.parametrize(
    "effects",
    [(), (Say(("about_leg",)), Listen("about_leg", "yes_no", 5000, red_flag=False, keep_audio=False))],
    ids=["nothing", "a question"],
)
def test_on_their_own_a_question_that_could_not_be_answered_is_not_asked(effects):
    assert [tag for tag, _ in outline(on_their_own(effects, LINKS))] == ["Dial", "Say", "Hangup"]
