"""Another pace and another language, at any step: slower, more time, how many are left, an interpreter."""

from __future__ import annotations

import pytest

from tests.dialog.walks import CONNECTED, NO, STARTED, YES, asked, heard, prompts, reach
from voicebot.dialog.counting import LEFT, questions_left
from voicebot.dialog.effects import Brief, CallBack, Listen, PreferredTime, Say, Target, Transfer
from voicebot.dialog.events import CallStarted, KeyPressed, NoInput, TransferEnded, TransferOutcome
from voicebot.dialog.machine import ANYWHERE, TABLE, fold, step
from voicebot.dialog.manner import UNHURRIED_NO_INPUT_MS
from voicebot.dialog.meaning import KEYS, Meaning
from voicebot.dialog.state import Step

ASKING = sorted(at for at, row in TABLE.items() if row.keys() >= ANYWHERE.keys())
SLOWER, RELAY, HOW_MANY, SPANISH, INTERPRETER = (
    heard(meaning) for meaning in (Meaning.SLOWER, Meaning.RELAY, Meaning.LEFT, Meaning.SPANISH, Meaning.INTERPRETER)
)


def listen(effects):
    return next(effect for effect in effects if isinstance(effect, Listen))


@pytest.mark.parametrize("meaning", [Meaning.SLOWER, Meaning.RELAY, Meaning.LEFT, Meaning.SPANISH])
def test_whoever_cannot_speak_has_a_key_for_it(meaning):
    assert meaning in KEYS.values()


@pytest.mark.parametrize("at", ASKING)
@pytest.mark.parametrize("wish", [SLOWER, KeyPressed(0, "5")])
def test_speech_is_slower_from_the_open_question_on(ruleset, at, wish):
    before = reach(ruleset, at)
    state, effects = step(ruleset, before, wish)
    assert state.step is at
    assert all(effect.slow for effect in effects if isinstance(effect, Say))
    _, effects = step(ruleset, state, heard(Meaning.REPEAT))
    assert all(effect.slow for effect in effects if isinstance(effect, Say))


@pytest.mark.parametrize("at", ASKING)
def test_more_time_is_given_for_the_rest_of_the_call(ruleset, at):
    state, effects = step(ruleset, reach(ruleset, at), RELAY)
    assert prompts(effects)[0] == "relay.noted"
    for event in (heard(Meaning.REPEAT), NoInput(0)):
        assert listen(effects).unhurried
        assert listen(effects).no_input_ms >= UNHURRIED_NO_INPUT_MS
        _, effects = step(ruleset, state, event)


def test_neither_is_a_failed_turn(ruleset):
    state = reach(ruleset, Step.SCREEN)
    for wish in (SLOWER, RELAY, HOW_MANY) * 3:
        state, _ = step(ruleset, state, wish)
    assert state.failed == 0
    assert state.step is Step.SCREEN


@pytest.mark.parametrize("at", ASKING)
def test_how_many_are_left_is_told_at_every_step(ruleset, at):
    state, effects = step(ruleset, reach(ruleset, at), HOW_MANY)
    assert prompts(effects)[0] in LEFT
    assert asked(effects)
    assert state.step is at


def test_about_as_many_are_left_as_are_then_asked(ruleset):
    state, _ = fold(ruleset, [STARTED, CONNECTED])
    counted, turns = [], []
    while state.step is not Step.CLOSING:
        counted.append(questions_left(ruleset, state))
        turns.append(state.step)
        beside = {Step.TOPIC, Step.READ_BACK, Step.FOR_SELF, Step.ADULT, Step.CONSENT}
        state, _ = step(ruleset, state, YES if state.step in beside else NO)
    really = list(range(len(turns), 0, -1))
    assert all(abs(one - other) <= 1 for one, other in zip(counted, really, strict=True))


@pytest.mark.parametrize("at", ASKING)
@pytest.mark.parametrize(("wish", "name"), [(SPANISH, "spanish"), (INTERPRETER, "interpreter")])
def test_another_language_is_a_person_and_an_interpreter_at_every_step(ruleset, at, wish, name):
    state, effects = step(ruleset, reach(ruleset, at), wish)
    assert isinstance(effects[-1], Transfer)
    assert prompts(effects)[-1] == f"to_person.{name}"
    assert [effect for effect in effects if isinstance(effect, Brief)]
    assert state.step is Step.CLOSING


def test_staff_are_told_which_language(ruleset):
    _, effects = step(ruleset, reach(ruleset, Step.TOPIC), SPANISH)
    assert Brief("whisper.to_person.spanish") in effects


def test_emergency_advice_that_is_due_comes_before_the_interpreter(ruleset):
    state, _ = fold(ruleset, [STARTED, CONNECTED, YES, heard(Meaning.UNSURE), heard(Meaning.UNSURE), SPANISH])
    assert state.closing[0].prompts == ("advice.emergency_room", "to_person.spanish")


def test_who_wants_an_interpreter_is_called_back_without_a_question_when_nobody_is_there(ruleset):
    everybody = CallStarted(0, "2026-01-01T03:00:00+00:00", "rules", "1", "0" * 64, tuple(Target), number_shown=True)
    state, _ = fold(ruleset, [everybody, CONNECTED, SPANISH])
    state, effects = step(ruleset, state, TransferEnded(0, TransferOutcome.NO_ANSWER))
    assert CallBack(PreferredTime.ANY) in effects
    assert state.step is Step.CLOSING
