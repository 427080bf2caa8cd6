"""Somebody calls again minutes after a call that came to no end: what is said, taken over, and asked anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.walks import CONNECTED, IN_DANGER, NO, STARTED, UNSURE, YES, asked, heard, prompts, reach
from voicebot.dialog.events import HungUp, NoInput
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.resuming import to_take_over
from voicebot.dialog.state import Step
from voicebot.triage.answers import Answer
from voicebot.triage.levels import RED_FLAG

KNOWN = {"diabetes": Answer.YES, "sit": Answer.YES, "saddle": Answer.NO, "nonsense": Answer.NO}
"""As no record of this version would hold them: a red flag and an unknown question must not be taken over."""
AGAIN = replace(STARTED, earlier_call="before", earlier_answers=KNOWN)


@pytest.fixture
def call(ruleset):
    def run(*events, started=AGAIN):
        state, history = fold(ruleset, [started, CONNECTED, *events])
        return state, history[-1][1]

    return run


def test_emergencies_come_first_and_then_the_question_without_a_word_of_health(call):
    state, effects = call()
    assert state.step is Step.GOING_ON
    assert prompts(effects)[0] == "greeting"
    assert asked(effects) == "welcome_back"


def test_a_yes_takes_over_what_is_no_red_flag_and_asks_every_red_flag(ruleset, call):
    state, effects = call(YES)
    assert dict(state.answers) == {"diabetes": Answer.YES, "sit": Answer.YES}
    assert prompts(effects)[0] == "going_on"
    red = set()
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        if state.step is Step.SCREEN:
            red |= {question for question in state.asking.ids if ruleset.questions[question].level >= RED_FLAG}
            assert not set(state.asking.ids) & {"diabetes", "sit"}, "nothing is asked twice"
        state, effects = step(ruleset, state, NO if state.step is Step.SCREEN else YES)
    fresh, _ = fold(ruleset, [STARTED, CONNECTED, YES])
    first_time = set()
    while fresh.step not in {Step.CLOSING, Step.CALL_BACK}:
        if fresh.step is Step.SCREEN:
            first_time |= {question for question in fresh.asking.ids if ruleset.questions[question].level >= RED_FLAG}
        fresh, _ = step(ruleset, fresh, NO if fresh.step is Step.SCREEN else YES)
    assert red == first_time


def test_who_calls_now_and_consent_are_asked_again(ruleset, call):
    state, _ = call(YES)
    steps = set()
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        steps.add(state.step)
        state, _ = step(ruleset, state, NO if state.step is Step.SCREEN else YES)
    assert {Step.FOR_SELF, Step.ADULT, Step.CONSENT} <= steps


@pytest.mark.parametrize("answer", [NO, UNSURE])
def test_whatever_is_not_a_yes_begins_a_new_call(call, answer):
    state, effects = call(answer)
    assert state.step is Step.TOPIC
    assert asked(effects) == "about_leg"
    assert not state.answers
    assert not state.earlier


def test_who_is_not_understood_gets_a_person(call):
    state, _ = call(NoInput(0), NoInput(0), NoInput(0))
    assert state.step is Step.CLOSING
    assert not state.answers


def test_a_doubtful_yes_is_confirmed(call):
    _, effects = call(heard(Meaning.YES, 0.6))
    assert asked(effects) == "confirm.yes"
    assert call(heard(Meaning.YES, 0.6), YES)[0].answers


def test_without_an_earlier_call_nobody_is_welcomed_back(call):
    assert call(started=STARTED)[0].step is Step.TOPIC


# --- what may be gone on with ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [Step.RINGING, Step.TOPIC, Step.CLOSING, Step.OVER, Step.CALL_BACK, *IN_DANGER])
def test_a_call_that_was_not_in_the_middle_of_the_questions_is_none_to_go_on_with(ruleset, at):
    assert to_take_over(ruleset, reach(ruleset, at)) is None


@pytest.mark.parametrize("at", [Step.SCREEN, Step.READ_BACK, Step.CONFIRM, Step.CONSENT, Step.ADULT])
def test_of_a_call_left_in_the_middle_no_red_flag_is_taken_over(ruleset, at):
    answers = {"diabetes": Answer.YES, "saddle": Answer.YES, "sit": Answer.UNKNOWN}
    state = replace(reach(ruleset, at), answers=answers)
    assert to_take_over(ruleset, state) == {"diabetes": Answer.YES, "sit": Answer.UNKNOWN}


def test_nobody_goes_on_after_the_advice_to_call_also_when_an_answer_to_it_was_in_doubt(ruleset):
    state = replace(reach(ruleset, Step.WILL_CALL), answers={"diabetes": Answer.YES})
    state, _ = step(ruleset, state, heard(Meaning.YES, 0.6))
    assert state.step is Step.CONFIRM
    assert to_take_over(ruleset, state) is None


def test_nobody_goes_on_after_talk_of_suicide(ruleset):
    state = replace(reach(ruleset, Step.SCREEN), answers={"diabetes": Answer.YES}, crisis=True)
    assert to_take_over(ruleset, state) is None


def test_hanging_up_at_the_welcome_ends_the_call(call):
    assert call(HungUp(0))[0].step is Step.OVER
