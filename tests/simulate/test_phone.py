"""The telephone: acts come when they should, whether prompts come with marks or one by one."""

from __future__ import annotations

import pytest

from voicebot.simulate.caller import SimulatedCaller
from voicebot.simulate.carrier import HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.phone import CallerOnPhone
from voicebot.simulate.voices import Voice

VOICE = Voice("somebody", {"yes": b"yes", "no": b"no"}, ())


@pytest.fixture
def phone(ruleset, make_scenario):
    """A telephone in the hand of a caller of a scenario with these tables."""

    def make(**tables):
        return CallerOnPhone(SimulatedCaller(make_scenario(**tables), ruleset), VOICE)

    return make


def mark(name, starts_ms, ends_ms):
    return Said(f"1:{name}", SaidKind.MARK, starts_ms, ends_ms, b"")


def play(name, starts_ms, ends_ms):
    return Said(f"http://127.0.0.1/voice/prompts/{name}/abc.wav", SaidKind.PLAY, starts_ms, ends_ms, b"")


def acts(phone, until_ms):
    return [(now, act) for now in range(0, until_ms, 20) for act in phone.next_actions(now)]


def test_an_answer_follows_the_question(phone):
    mine = phone()
    mine.on_said(mark("q.saddle", 0, 1000))
    assert acts(mine, 3000) == [(1300, Speak(b"no"))]


def test_an_answer_can_interrupt(phone):
    mine = phone(on={"saddle": [{"say": "yes", "into_ms": 400}]})
    mine.on_said(mark("q.saddle", 0, 1000))
    assert acts(mine, 3000) == [(400, Speak(b"yes"))]


def test_a_second_thought_follows_the_answer_whatever_the_line_says(phone):
    mine = phone(on={"saddle": [{"say": "yes", "then": "no", "then_ms": 10}]})
    mine.on_said(mark("q.saddle", 0, 1000))
    assert acts(mine, 1400) == [(1300, Speak(b"yes" + b"\xff" * 80 + b"no"))]
    mine.on_said(mark("about_leg", 1400, 2000))
    assert acts(mine, 3000) == [(2300, Speak(b"yes"))]


def test_a_question_shorter_than_the_interruption_is_answered_at_its_end(phone):
    mine = phone(barge_in_ms=5000)
    mine.on_said(mark("q.sit", 0, 1000))
    assert acts(mine, 9000) == [(1300, Speak(b"no"))]


def test_an_answer_to_a_question_that_was_dropped_is_not_given(phone):
    mine = phone()
    mine.on_said(mark("q.saddle", 0, 1000))
    mine.on_said(mark("to_person.asked", 500, 2000))
    assert acts(mine, 5000) == []


def test_prompts_played_one_by_one_are_one_thing_said(phone):
    mine = phone()
    mine.on_said(play("q.saddle", 0, 1000))
    mine.next_actions(980)
    mine.on_said(play("keys_short", 1000, 2000))
    assert [act for _, act in acts(mine, 5000)] == [Press("2")]


@pytest.mark.parametrize(("act", "done"), [({"silence": True}, []), ({"hang_up": True}, [HangUp()])])
def test_other_behavior(phone, act, done):
    mine = phone(on={"saddle": [act]})
    mine.on_said(mark("q.saddle", 0, 1000))
    assert [one for _, one in acts(mine, 5000)] == done
