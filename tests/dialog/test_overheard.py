"""Urgent words over what cannot be interrupted: acted on at every step, never twice, and never when in doubt."""

from __future__ import annotations

import pytest

from tests.dialog.walks import CONNECTED, DOUBTFUL, NO, STARTED, YES, heard, prompts, reach
from voicebot.dialog.effects import PageReason, PageStaff, Target, Transfer
from voicebot.dialog.events import TransferEnded, TransferOutcome
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step

EMERGENCY, SUICIDE = (heard(meaning, urgent_only=True) for meaning in (Meaning.EMERGENCY, Meaning.SUICIDE))
TOLD_TO_CALL = [Step.WILL_CALL, Step.WITH_PATIENT, Step.PLACE_CONSENT, Step.PLACE]
ADVISED = ["emergency.heard", "advice.call_911"]
ASKING = [at for at in Step if at not in {Step.RINGING, Step.OVER, Step.STAYING, *TOLD_TO_CALL}]


def call(ruleset, *events):
    """Return the state after these, and what the last of them led to."""
    state, history = fold(ruleset, [STARTED, CONNECTED, *events])
    return state, history[-1][1]


@pytest.mark.parametrize("at", ASKING)
def test_an_emergency_is_told_to_call_from_every_step(ruleset, at):
    after, effects = step(ruleset, reach(ruleset, at), EMERGENCY)
    assert after.step is Step.WILL_CALL
    assert [prompt.removeprefix("patient.") for prompt in prompts(effects)] == [*ADVISED, "will_call"]


@pytest.mark.parametrize("at", [*ASKING, *TOLD_TO_CALL])
def test_suicide_leads_to_the_crisis_line_from_every_step_and_once(ruleset, at):
    state, effects = step(ruleset, reach(ruleset, at), SUICIDE)
    assert state.crisis
    assert prompts(effects)[0] == "suicide.heard"
    assert PageStaff(PageReason.CRISIS) in effects
    assert step(ruleset, state, SUICIDE) == (state, ())


@pytest.mark.parametrize("at", TOLD_TO_CALL)
def test_advice_to_call_does_not_begin_anew(ruleset, at):
    state = reach(ruleset, at)
    assert step(ruleset, state, EMERGENCY) == (state, ())


@pytest.mark.parametrize("answers", [[YES], [NO, NO], [heard(Meaning.OPERATOR)]], ids=["call", "refused", "person"])
def test_nor_while_the_last_words_say_it(ruleset, answers):
    state, effects = call(ruleset, heard(Meaning.EMERGENCY), *answers)
    assert state.step is Step.CLOSING
    assert {"call_now", "advice.call_911"} & set(prompts(effects))
    assert step(ruleset, state, EMERGENCY) == (state, ())


def test_last_words_on_the_way_to_a_person_give_way_and_a_refusal_still_leads_to_one(ruleset):
    on_the_way, effects = call(ruleset, NO)
    assert isinstance(effects[-1], Transfer)
    state, _ = step(ruleset, on_the_way, EMERGENCY)
    for answer in (NO, NO):
        state, effects = step(ruleset, state, answer)
    assert isinstance(effects[-1], Transfer)
    assert prompts(effects)[0] == "advice.call_911"


def test_the_person_who_is_fetched_after_talk_of_suicide_stays_and_the_advice_is_given_once(ruleset):
    state, _ = call(ruleset, SUICIDE)
    advised, effects = step(ruleset, state, EMERGENCY)
    assert prompts(effects) == ADVISED
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert step(ruleset, advised, EMERGENCY) == (advised, ())


def test_while_the_line_stays_the_advice_is_given_whenever_it_is_not_being_said(ruleset):
    state, _ = call(ruleset, SUICIDE, TransferEnded(0, TransferOutcome.BUSY))
    assert state.step is Step.STAYING
    assert step(ruleset, state, SUICIDE) == (state, ())
    advised, effects = step(ruleset, state, EMERGENCY)
    assert prompts(effects)[:2] == ADVISED
    assert step(ruleset, advised, EMERGENCY) == (advised, ())
    later, _ = step(ruleset, advised, NO)
    assert prompts(step(ruleset, later, EMERGENCY)[1])[:2] == ADVISED


def test_stricter_advice_kept_for_when_nobody_answers_was_not_given_yet(ruleset):
    state, effects = call(ruleset, YES, *[heard(None)] * 3)
    assert (state.step, state.if_nobody) == (Step.CLOSING, "advice.call_911")
    assert "advice.call_911" not in prompts(effects)
    assert prompts(step(ruleset, state, EMERGENCY)[1])[:2] == ADVISED


@pytest.mark.parametrize("meaning", [None, *Meaning])
def test_anything_else_and_any_doubt_changes_nothing(ruleset, meaning):
    for at in set(Step) - {Step.RINGING}:
        state = reach(ruleset, at)
        assert step(ruleset, state, heard(meaning, DOUBTFUL, urgent_only=True)) == (state, ())
        if meaning not in {Meaning.EMERGENCY, Meaning.SUICIDE}:
            assert step(ruleset, state, heard(meaning, urgent_only=True)) == (state, ())
