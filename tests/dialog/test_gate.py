"""The gate: for whom, of age, recorded or not, which number; asked once, after the emergency questions."""

from __future__ import annotations

import pytest

from tests.dialog.walks import CONNECTED, NO, NUMBER_SHOWN, STARTED, UNSURE, YES, asked, heard, prompts, reach
from voicebot import assets
from voicebot.dialog.effects import Brief, CallBack, KeepAudio, Listen, Say, Target, Transfer
from voicebot.dialog.events import Channel, Connected, KeyPressed, NoInput, NumberEntered
from voicebot.dialog.gate import STEPS
from voicebot.dialog.machine import fold, step
from voicebot.dialog.manner import OF_PATIENT, PATIENT
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.spoken import FIXED
from voicebot.dialog.state import Step
from voicebot.speech.prompts import Prompts
from voicebot.triage.levels import Urgency
from voicebot.triage.wording import says_you

DOUBTFUL_NO = heard(Meaning.NO, 0.6)
WHOLE, PART = NumberEntered(0, complete=True), NumberEntered(0, complete=False)


def gate_asked(ruleset, started=STARTED, connected=CONNECTED, answers=None):
    """Return the gate's steps in the order they are asked of a caller who says yes, or as `answers` tells by step."""
    state, _ = fold(ruleset, [started, connected])
    steps = []
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        if state.step in STEPS:
            steps.append(state.step)
        usual = YES if state.step in STEPS | {Step.TOPIC, Step.READ_BACK} else NO
        state, _ = step(ruleset, state, (answers or {}).get(state.step, usual))
    return steps


def test_the_gate_asks_each_question_once_and_only_what_can_matter(ruleset):
    usual = [Step.FOR_SELF, Step.ADULT, Step.CONSENT]
    assert gate_asked(ruleset) == usual
    assert gate_asked(ruleset, NUMBER_SHOWN) == [*usual, Step.NUMBER]
    assert gate_asked(ruleset, NUMBER_SHOWN, answers={Step.NUMBER: NO, Step.OTHER_NUMBER: WHOLE}) == [
        *usual,
        Step.NUMBER,
        Step.OTHER_NUMBER,
    ]
    assert gate_asked(ruleset, answers={Step.FOR_SELF: NO}) == [
        Step.FOR_SELF,
        Step.ABOUT_PATIENT,
        Step.ADULT,
        Step.CONSENT,
    ]


def test_on_the_web_there_is_no_sound_to_record_and_no_number(ruleset):
    assert gate_asked(ruleset, NUMBER_SHOWN, Connected(0, Channel.WEB)) == [Step.FOR_SELF, Step.ADULT]


def test_the_emergency_questions_come_first(ruleset):
    state = reach(ruleset, Step.FOR_SELF)
    assert {ruleset.questions[question].level for question in state.answers} == {Urgency.CALL_911}
    assert state.asking.level < Urgency.CALL_911


# --- for somebody else ----------------------------------------------------------------------------------------------


def test_for_somebody_else_everything_is_about_the_patient(ruleset):
    state = reach(ruleset, Step.FOR_SELF)
    state, effects = step(ruleset, state, NO)
    assert prompts(effects) == ["for_another", "about_patient"]
    state, effects = step(ruleset, state, YES)
    assert prompts(effects) == ["patient.adult"]
    assert asked(effects) == "adult", "the question's name is the same whoever calls"
    said = []
    while state.step is not Step.CLOSING:
        usual = YES if state.step in STEPS | {Step.READ_BACK} else NO
        sits = state.asking is not None and "sit" in state.asking.ids and state.step is Step.SCREEN
        state, effects = step(ruleset, state, YES if sits else usual)
        said += prompts(effects)
    of_rules = [prompt for prompt in said if prompt.removeprefix(PATIENT).startswith(("q.", "screen.", "rule."))]
    assert of_rules
    assert all(prompt.startswith(PATIENT) for prompt in of_rules)
    assert {"patient.advice.spine_scheduling", "patient.advice.call_911_if"} <= set(said)


def test_answers_about_the_wrong_person_are_asked_anew_in_the_patients_words(ruleset):
    before = reach(ruleset, Step.ABOUT_PATIENT)
    assert before.answers
    for unclear in (NO, UNSURE):
        state, effects = step(ruleset, before, unclear)
        assert state.answers == {}
        assert state.asking.level is Urgency.CALL_911
        assert prompts(effects) == ["asked_anew", f"patient.{state.asking.prompt}"]
        while state.step in {Step.SCREEN, Step.READ_BACK}:
            state, _ = step(ruleset, state, YES if state.step is Step.READ_BACK else NO)
        assert state.step is Step.ADULT, "and whom it is about is not asked again"


def test_rules_without_words_about_the_patient_put_such_a_caller_through(ruleset):
    class Speechless:
        speaks_of_patient = False

        def __getattr__(self, name):
            return getattr(ruleset, name)

    _, effects = step(Speechless(), reach(ruleset, Step.FOR_SELF), NO)
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert "to_person.for_another" in prompts(effects)


SAYS_YOU_TO_THE_CALLER = (
    *("greeting", "about_leg", "intro_questions", "other_topic", "for_self", "about_patient", "consent", "number"),
    *("other_number", "keys_", "confirm.", "no_", "call_back", "transfer.", "to_person.", "adult", "will_call"),
    "with_patient",
    *(
        "relay",
        "goodbye",
        "staying",
        "suicide.heard",
        "resum",
        "call_now",
        "still_here",
        "welcome",
        "go_on",
        "emergency",
    ),
)
"""Prompts, by how their ids begin, whose "you" is the caller whoever is ill."""


def test_every_fixed_prompt_that_speaks_of_the_patient_as_you_has_other_words():
    texts = {prompt.id: prompt.text for prompt in Prompts.load(assets.PROMPTS).by_id.values()}
    you = {prompt for prompt in FIXED if says_you(texts[prompt]) and not prompt.startswith(SAYS_YOU_TO_THE_CALLER)}
    you |= {prompt for prompt in texts if prompt.startswith("advice.") and says_you(texts[prompt])}
    assert you <= OF_PATIENT
    assert all(PATIENT + prompt in texts for prompt in OF_PATIENT)


# --- of age ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [NO, UNSURE])
def test_a_minor_or_who_may_be_one_is_put_to_a_person(ruleset, answer):
    state, effects = step(ruleset, reach(ruleset, Step.ADULT), answer)
    assert state.step is Step.CLOSING
    assert prompts(effects)[-1] == "to_person.minor"
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert Brief("whisper.to_person.minor") in effects


def test_what_cannot_wait_is_said_to_a_minor_first(ruleset):
    state, _ = fold(ruleset, [STARTED, CONNECTED, YES])
    unsure = 0
    while state.step is not Step.ADULT:  # a sign of a stroke stays unclear
        unclear = state.step is Step.SCREEN and unsure < 2
        unsure += unclear
        state, _ = step(ruleset, state, UNSURE if unclear else YES if state.step in STEPS | {Step.READ_BACK} else NO)
    _, effects = step(ruleset, state, NO)
    assert prompts(effects)[0] == "advice.emergency_room"


# --- consent --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [(NO,), (UNSURE,), (DOUBTFUL_NO, YES)])
def test_without_a_clear_yes_nothing_is_recorded(ruleset, answer):
    state, effects = reach(ruleset, Step.CONSENT), ()
    for event in answer:
        state, effects = step(ruleset, state, event)
    assert state.consent is False
    assert KeepAudio() not in effects
    assert prompts(effects)[0] == "consent.unrecorded"
    assert not next(effect for effect in effects if isinstance(effect, Listen)).keep_audio


# --- the number -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [YES, UNSURE])
def test_a_number_that_is_good_or_may_be_is_kept(ruleset, answer):
    state, _ = step(ruleset, reach(ruleset, Step.NUMBER), answer)
    assert state.gate.number is True
    assert state.can_be_called


def test_a_better_number_is_keyed_in_as_one_number(ruleset):
    state, effects = step(ruleset, reach(ruleset, Step.NUMBER), NO)
    assert asked(effects) == "other_number"
    assert next(effect for effect in effects if isinstance(effect, Listen)).digits == 10
    state, effects = step(ruleset, state, PART)
    assert prompts(effects) == ["no_match.1", "other_number.again"]
    state, effects = step(ruleset, state, WHOLE)
    assert prompts(effects)[0] == "number.noted"
    assert state.can_be_called


@pytest.mark.parametrize("answer", [NO, UNSURE, KeyPressed(0, "2")])
def test_who_has_no_good_number_is_not_offered_a_call_back(ruleset, answer):
    closed = STARTED.__class__(0, "2026-01-01T03:00:00+00:00", "rules", "1", "0" * 64, tuple(Target), number_shown=True)
    state, _ = fold(ruleset, [closed, CONNECTED])
    said = []
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        event = YES if state.step in STEPS | {Step.TOPIC, Step.READ_BACK} else NO
        event = {Step.NUMBER: NO, Step.OTHER_NUMBER: answer}.get(state.step, event)
        if state.step is Step.SCREEN and "sit" in state.asking.ids:
            event = YES
        state, effects = step(ruleset, state, event)
        said += prompts(effects)
    assert state.step is Step.CLOSING
    assert "number.none" in said
    assert "call_again" in said
    assert not [effect for effect in effects if isinstance(effect, CallBack)]


def test_no_number_after_three_tries_is_for_a_person(ruleset):
    state = reach(ruleset, Step.OTHER_NUMBER)
    for failure in (PART, NoInput(0), YES):
        state, effects = step(ruleset, state, failure)
    assert "to_person.not_understood" in prompts(effects)
    assert isinstance(effects[-1], Transfer)


# --- back and away --------------------------------------------------------------------------------------------------


def test_going_back_opens_the_gates_last_question_and_takes_its_answer_away(ruleset):
    back = heard(Meaning.BACK)
    state = reach(ruleset, Step.CONSENT)
    state, effects = step(ruleset, state, back)
    assert (state.step, state.gate.adult) == (Step.ADULT, None)
    assert prompts(effects) == ["back.done", "adult"]
    state, _ = step(ruleset, state, back)
    assert (state.step, state.gate.for_self) == (Step.FOR_SELF, None)
    state, _ = step(ruleset, state, back)
    assert state.asking.level is Urgency.CALL_911
    agreed, _ = step(ruleset, reach(ruleset, Step.CONSENT), YES)
    reopened, _ = step(ruleset, agreed, back)
    assert (reopened.step, reopened.consent) == (Step.CONSENT, None)


@pytest.mark.parametrize("at", sorted(STEPS - {Step.OTHER_NUMBER}))
def test_a_gate_question_is_no_red_flag_though_one_comes_next(ruleset, at):
    state = reach(ruleset, at)
    _, effects = step(ruleset, state, heard(Meaning.REPEAT))
    listen = next(effect for effect in effects if isinstance(effect, Listen))
    assert not listen.red_flag
    state, _ = step(ruleset, state, heard(Meaning.YES, 0.6))
    assert state.step is Step.CONFIRM
    assert all(isinstance(effect, Say | Listen) for effect in effects)
