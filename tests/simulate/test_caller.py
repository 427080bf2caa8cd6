"""The caller: facts derived, behavior in order, confirmations true."""

from __future__ import annotations

from functools import partial

import pytest

from voicebot.simulate.caller import SimulatedCaller, asked_in, vocabulary
from voicebot.simulate.scenario import Act


@pytest.fixture
def caller(ruleset, grammars, make_scenario):
    """A caller of a scenario with these tables."""

    def make(**tables):
        return SimulatedCaller(make_scenario(**tables), ruleset, partial(grammars.understand, "yes_no"))

    return make


@pytest.mark.parametrize(
    ("prompts", "name"),
    [
        (["about_leg"], "topic"),
        (["about_leg.again", "keys_short"], "topic"),
        (["consent.recorded"], None),
        (["q.saddle"], "saddle"),
        (["screen.face_and_speech.again"], "face_and_speech"),
        (["screen.face_and_speech.read_back"], "face_and_speech.read_back"),
        (["q.saddle.help"], None),
        (["confirm.no"], "confirm"),
        (["no_input.1", "keys_hint"], None),
        (["greeting"], None),
    ],
)
def test_what_prompts_ask(prompts, name):
    assert asked_in(prompts) == name


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({}, "no"),
        ({"leaks_pee": "yes", "cannot_pee": "unsure"}, "yes"),
        ({"cannot_pee": "unsure"}, "unsure"),
        ({"cannot_pee": "yes", "toilet_control": "no"}, "no"),
    ],
)
def test_a_group_is_answered_from_its_questions(caller, answers, fact):
    assert caller(answers=answers).fact("toilet_control") == fact


def test_a_read_back_is_answered_truthfully(caller):
    assert caller().fact("face_and_speech.read_back") == "yes"
    assert caller(answers={"face_droop": "yes"}).fact("face_and_speech.read_back") == "no"


def test_a_misheard_answer_is_not_confirmed(caller):
    mine = caller(answers={"saddle": "yes"})
    mine.hears(["q.saddle"])
    assert mine.hears(["confirm.no"]) == Act(say="no")
    assert mine.hears(["confirm.yes"]) == Act(say="yes")


def test_scripted_words_are_confirmed_by_what_they_mean(caller):
    mine = caller(on={"saddle": ["nope"]})
    mine.hears(["q.saddle"])
    assert mine.hears(["confirm.no"]) == Act(say="yes")


def test_a_second_thought_is_what_was_meant(caller):
    mine = caller(on={"saddle": [{"say": "yes", "then": "nope"}]})
    mine.hears(["q.saddle"])
    assert mine.hears(["confirm.no"]) == Act(say="yes")
    assert mine.hears(["confirm.yes"]) == Act(say="no")


def test_scripted_acts_come_in_order_and_then_the_fact(caller):
    mine = caller(answers={"saddle": "yes"}, on={"saddle": [{"silence": True}, "go back"]})
    heard = [mine.hears([prompt]) for prompt in ("q.saddle", "q.saddle.again", "q.saddle")]
    assert heard == [Act(silence=True), Act(say="go back"), Act(say="yes")]


def test_what_asks_nothing_is_not_answered(caller):
    assert caller().hears(["greeting"]) is None


def test_who_was_asked_for_keys_keeps_to_them(caller):
    mine = caller()
    assert mine.hears(["q.saddle", "keys_short"]) == Act(key="2")
    assert mine.hears(["q.swollen"]) == Act(key="2")


def test_a_caller_in_a_hurry_hears_red_flags_to_their_end(caller):
    mine = caller(barge_in_ms=700)
    assert mine.hears(["q.saddle"]) == Act(say="no")
    assert mine.hears(["will_call"]) == Act(say="yes")
    assert mine.hears(["q.sit"]) == Act(say="no", into_ms=700)


def test_the_vocabulary_is_all_that_may_be_said(make_scenario):
    words = vocabulary(make_scenario(answers={"sit": "unsure"}, on={"topic": ["operator", {"key": "1"}]}))
    assert words == {"yes", "no", "i don't know", "operator"}
