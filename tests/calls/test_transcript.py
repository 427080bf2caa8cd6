from __future__ import annotations

from tests.calls.given import held
from voicebot.calls.entries import Entry
from voicebot.calls.transcript import Speaker, transcript
from voicebot.dialog.effects import Brief, CallBack, PreferredTime, Say
from voicebot.dialog.events import (
    Connected,
    Disconnected,
    Fault,
    Heard,
    KeyPressed,
    NoInput,
    SecondThought,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.meaning import Meaning

TEXTS = {"hello": "Hello.", "about_leg": "Is it about a leg?"}


def lines(*messages):
    return list(transcript([Entry(seq, message) for seq, message in enumerate(messages)], TEXTS))


def test_both_sides_are_told_with_their_times():
    greeted, said, asked = lines(
        Connected(5, "stream"), Say(("hello", "about_leg")), Heard(3000, Meaning.YES, 0.9, "yes", 1800, 2400)
    )[:3]
    assert (greeted.at_ms, greeted.speaker) == (5, Speaker.NOTE)
    assert (said.at_ms, said.speaker, said.text) == (5, Speaker.LINE, "Hello. Is it about a leg?")
    assert (asked.speaker, asked.text, asked.meaning, asked.confidence, asked.turn_gap_ms) == (
        Speaker.CALLER,
        "yes",
        Meaning.YES,
        0.9,
        600,
    )


def test_a_prompt_nobody_knows_any_more_stands_for_itself():
    assert [line.text for line in lines(Say(("hello", "gone")))] == ["Hello. [gone]"]


def test_deleted_words_are_told_apart_from_silence_and_keys():
    told = lines(Heard(1, Meaning.NO, 0.9), NoInput(2), KeyPressed(3, "1"))
    assert [line.text for line in told] == [None, "[silence]", "[key 1]"]


def test_a_second_thought_is_told_as_it_was_said_or_pressed():
    told = lines(SecondThought(1, Meaning.NO, 0.9, "well no"), SecondThought(2, Meaning.NO, key="2"))
    assert [(line.speaker, line.text, line.meaning, line.confidence) for line in told] == [
        (Speaker.CALLER, "well no", Meaning.NO, 0.9),
        (Speaker.CALLER, "[key 2]", Meaning.NO, None),
    ]


def test_what_was_done_is_noted():
    told = lines(
        Disconnected(1, "reset"),
        Fault(2, "stream_lost"),
        StaffReplied(3, StaffReply.SILENT),
        TransferEnded(3, TransferOutcome.VOICEMAIL),
        CallBack(PreferredTime.MORNING),
        Brief("whisper.same_day"),
    )
    assert [(line.speaker, line.text) for line in told] == [
        (Speaker.NOTE, "disconnected (reset)"),
        (Speaker.NOTE, "fault: stream_lost"),
        (Speaker.NOTE, "asked to take the call: silent"),
        (Speaker.NOTE, "transfer: voicemail"),
        (Speaker.NOTE, "call back: morning"),
    ]


def test_a_whole_call_reads_to_its_end(ruleset):
    told = list(transcript(held(ruleset, "q.saddle").entries, TEXTS))
    assert [line.text for line in told if line.speaker is Speaker.NOTE] == [
        "connected (text)",
        "recording from here on",
        "decided: urgency 4 (emergency room) by cauda-saddle",
        "the line hangs up",
        "the call is over",
    ]
    assert [line.at_ms for line in told] == sorted(line.at_ms for line in told)
    assert all(line.to_json()["at_ms"] == line.at_ms for line in told)
