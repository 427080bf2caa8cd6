"""Answers taken back a moment after they were given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.walks import (
    NO,
    YES,
    asked,
    heard,
    prompts,
    reach,
)
from voicebot.dialog.asking import prompt_of
from voicebot.dialog.effects import Target, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    KeyPressed,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.failing import MAX_FAILED_TURNS
from voicebot.dialog.machine import step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step
from voicebot.triage.answers import Answer


def second(meaning):
    return SecondThought(0, meaning)


@pytest.mark.parametrize("at", [Step.TOPIC, Step.CONSENT, Step.SCREEN, Step.CONFIRM, Step.READ_BACK])
@pytest.mark.parametrize(("first", "then"), [(Meaning.YES, Meaning.NO), (Meaning.NO, Meaning.YES)])
def test_an_answer_taken_back_leaves_the_call_as_before_it_and_is_asked_again(ruleset, at, first, then):
    state = reach(ruleset, at)
    answered, _ = step(ruleset, state, heard(first))
    after, effects = step(ruleset, answered, second(then))
    assert after == replace(state, failed=state.failed + 1, undo=None)
    assert prompts(effects)[0] == "taken_back"
    assert asked(effects) == prompt_of(state)
    assert effects[0].interruptible


def test_a_consent_taken_back_is_no_consent(ruleset):
    agreed, _ = step(ruleset, reach(ruleset, Step.CONSENT), YES)
    after, effects = step(ruleset, agreed, second(Meaning.NO))
    assert after.consent is None
    assert not effects[-1].keep_audio


def test_an_answer_that_led_to_advice_can_be_taken_back(call):
    _, advised = call(YES, YES)
    assert "advice.call_911" in prompts(advised)
    state, effects = call(YES, YES, second(Meaning.NO))
    assert state.step is Step.SCREEN
    assert not state.answers
    assert prompts(effects)[0] == "taken_back"


def test_an_answer_that_led_to_a_transfer_can_be_taken_back(call):
    state, effects = call(NO, second(Meaning.YES))
    assert state.step is Step.TOPIC
    assert asked(effects) == "about_leg"


def test_whoever_takes_back_three_answers_reaches_a_person(call):
    state, effects = call(YES, *[NO, second(Meaning.YES)] * MAX_FAILED_TURNS)
    assert effects[-1] == Transfer(Target.NURSE)
    assert set(state.answers.values()) == {Answer.UNKNOWN}


def test_only_the_answer_just_given_can_be_taken_back(call):
    before, _ = call(YES, NO, YES)
    for between in (Connected(0, Channel.STREAM), KeyPressed(0, "9"), second(Meaning.OPERATOR)):
        state, _ = call(YES, NO, YES, between)
        assert call(YES, NO, YES, between, second(Meaning.NO)) == (state, ())
    state, _ = call(YES, NO, YES, second(Meaning.NO))
    assert state.step is Step.READ_BACK
    assert before.undo is not None
    assert before.undo.undo is None


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (Meaning.OPERATOR, "to_person.asked"),
        (Meaning.EMERGENCY, "emergency.heard"),
        (Meaning.SUICIDE, "suicide.heard"),
    ],
)
def test_a_wish_that_cannot_wait_is_acted_on_and_takes_no_answer_back(call, meaning, words):
    state, effects = call(YES, NO, YES, second(meaning))
    assert state.answers
    assert words in prompts(effects)
    assert isinstance(effects[-1], Transfer) or asked(effects) == "will_call"


def test_whoever_asks_for_a_person_during_the_last_words_hears_them_and_gets_one(call):
    _, advice = call(YES, YES, YES)
    for wish in (second(Meaning.OPERATOR), KeyPressed(0, "0")):
        state, effects = call(YES, YES, YES, wish)
        assert prompts(effects) == [*prompts(advice), "to_person.asked"]
        assert effects[-1] == Transfer(Target.FRONT_DESK)
        assert state.if_nobody == "advice.call_911"
    state, effects = call(
        heard(Meaning.EMERGENCY), YES, KeyPressed(0, "0"), TransferEnded(0, TransferOutcome.NO_ANSWER)
    )
    assert "advice.call_911" in prompts(effects)


def test_a_wish_for_a_person_during_the_last_words_cannot_be_taken_back(call):
    state, _ = call(YES, YES, YES, heard(Meaning.OPERATOR))
    assert call(YES, YES, YES, heard(Meaning.OPERATOR), second(Meaning.NO)) == (state, ())


def test_whoever_is_being_put_through_already_need_not_ask_for_it(call):
    state, _ = call(NO)
    assert call(NO, KeyPressed(0, "0")) == (state, ())


def test_a_yes_over_the_read_back_of_red_flags_is_asked_for_again_and_a_no_is_taken(call):
    state, effects = call(YES, NO, heard(Meaning.YES, over_prompt=True))
    assert state.step is Step.READ_BACK
    assert not state.answers
    assert asked(effects).endswith(".read_back")
    state, _ = call(YES, NO, heard(Meaning.NO, over_prompt=True))
    assert state.drilling
