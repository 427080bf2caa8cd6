"""THE DIALOG: one table and one `step`. Everything that decides what the line says next lives here.

Laws:
1. `step` is total over the table and pure: the same state and event always give the same state and effects.
2. The triage engine alone picks questions and urgency; this file never looks at what a question is about.
3. Whatever is not understood three times in a row ends with a person, never with the next question.
4. "Not sure" is never "no"; a "no" that clears several red flags at once is read back.
5. An input that is out of place in a step changes nothing; on a line that only rings it is a programming error.
6. An answer taken back leaves no trace but in the record: the call is as before it, and the question is asked again.

An event is first reduced to an Input (inputs.py); TABLE names the handler for each step and input. Inputs that mean the
same at every asking step (operator, repeat, silence ...) are written once, in ANYWHERE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from voicebot.dialog import calling_back, closing
from voicebot.dialog.asking import ask, help_of, next_asking, take_answer
from voicebot.dialog.effects import Effect, KeepAudio
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Event,
    Heard,
    NoInput,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.inputs import MEANT, Input, classify
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import READ_BACK_LEVEL, Answered, State, Step
from voicebot.errors import VoicebotError
from voicebot.triage.answers import Answer
from voicebot.triage.levels import RED_FLAG, Urgency
from voicebot.triage.ruleset import RuleSet

MAX_FAILED_TURNS = 3
"""Failed turns in a row, of any kind together, before a person takes over (practice: 2-3, with one combined cap)."""

Result = tuple[State, tuple[Effect, ...]]
Handler = Callable[[RuleSet, State, Event], Result]

_ANSWERS: dict[Meaning, Answer] = {
    Meaning.YES: Answer.YES,
    Meaning.NO: Answer.NO,
    Meaning.UNSURE: Answer.UNKNOWN,
    Meaning.DECLINED: Answer.DECLINED,
}


def step(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Return the state after `event` and what to do, in order.

    Raises VoicebotError `event_out_of_place` for an answer before anyone was connected; nothing changes then.
    """
    row = TABLE[state.step]
    handler = row.get(classify(state, event))
    if handler is None:
        if state.step is Step.RINGING:
            raise VoicebotError("event_out_of_place", f"A {event.type} event came before the caller was connected.")
        return state, ()
    after, effects = handler(ruleset, state, event)
    undo = replace(state, undo=None) if isinstance(event, Heard) and state.step is not Step.CLOSING else None
    return replace(after, undo=undo, call_back=calling_back.standing(after, effects)), effects


def fold(ruleset: RuleSet, events: Iterable[Event]) -> tuple[State, list[tuple[Event, tuple[Effect, ...]]]]:
    """Return the state after all `events`, and each event with the effects it had."""
    state, history = State(), []
    for event in events:
        state, effects = step(ruleset, state, event)
        history.append((event, effects))
    return state, history


# --- connecting ---------------------------------------------------------------------------------------------------


def _nothing(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return state, ()


def _started(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, CallStarted)
    return replace(state, closed=event.closed, number_shown=event.number_shown), ()


def _greet(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, Connected)
    state = replace(state, step=Step.TOPIC, channel=event.channel)
    return state, ask(state, before=("greeting",))


def _reconnect(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go on at the open question on whatever channel is left."""
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, ask(state, before=("resumed",))


def _close_again(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Say the last words once more if they were cut, then do what follows them."""
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, state.closing[-1:] if state.played else state.closing


# --- answers ------------------------------------------------------------------------------------------------------


def _topic_yes(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return _advance(ruleset, state, before=("intro_questions",))


def _topic_no(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.to_front_desk(ruleset, state, "other_topic")


def _consent(ruleset: RuleSet, state: State, event: Event) -> Result:
    agreed = classify(state, event) is Input.YES
    state = replace(state, consent=agreed)
    kept: tuple[Effect, ...] = (KeepAudio(),) if agreed else ()
    state, effects = _advance(ruleset, state, before=("consent.recorded" if agreed else "consent.unrecorded",))
    return state, (*kept, *effects)


def _answer(meaning: Meaning) -> Handler:
    """Return the handler that takes `meaning` as the answer to the open question."""

    def handler(ruleset: RuleSet, state: State, _event: Event) -> Result:
        asking = state.asking
        assert asking is not None
        if meaning is Meaning.UNSURE and asking.level >= RED_FLAG and not state.unsure:
            state = replace(state, unsure=1)
            return state, ask(state, suffix=".again")
        if meaning is Meaning.NO and asking.grouped and asking.level >= READ_BACK_LEVEL:
            state = replace(state, step=Step.READ_BACK, failed=0)
            return state, ask(state)
        return _take(ruleset, state, _ANSWERS[meaning])

    return handler


def _take(ruleset: RuleSet, state: State, answer: Answer) -> Result:
    """Store `answer`, remember the way back, go on."""
    assert state.asking is not None
    before = Answered(state.asking, state.answers, state.drilling)
    answers, drilling = take_answer(ruleset, state, answer)
    return _advance(ruleset, replace(state, answers=answers, drilling=drilling, trail=(*state.trail, before)))


def _read_back_yes(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return _take(ruleset, state, Answer.NO)


def _read_back_no(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The "no" does not stand: every item is asked by itself."""
    assert state.asking is not None
    before = Answered(state.asking, state.answers, state.drilling)
    return _advance(ruleset, replace(state, drilling=state.asking.ids, trail=(*state.trail, before)))


def _doubtful(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, Heard)
    state = replace(state, step=Step.CONFIRM, resume_step=state.step, doubt=event.meaning)
    return state, ask(state)


def _confirmed(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Act on the meaning that was in doubt as if it had been heard well."""
    assert state.doubt is not None
    resumed = replace(state, step=state.resume_step, doubt=None)
    return TABLE[resumed.step][MEANT[state.doubt]](ruleset, resumed, event)


def _not_confirmed(ruleset: RuleSet, state: State, event: Event) -> Result:
    return _failed(ruleset, replace(state, step=state.resume_step, doubt=None), event)


def _advance(ruleset: RuleSet, state: State, before: tuple[str, ...] = ()) -> Result:
    """Ask the next question of the rule set, or consent on the way to it, or close the call with the decision.

    On the web there is no sound, so nothing to ask consent for.
    """
    asking = next_asking(ruleset, state)
    state = replace(state, step=Step.SCREEN, asking=asking, failed=0, unsure=0)
    if asking is None:
        return closing.decided(ruleset, state)
    if state.consent is None and state.channel is not Channel.WEB and asking.level < Urgency.CALL_911:
        state = replace(state, step=Step.CONSENT)
    return state, ask(state, before=before)


# --- the same at every asking step ---------------------------------------------------------------------------------


def _repeat(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return state, ask(state)


def _help(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return state, ask(state, before=(help_of(state),))


def _ask_anew(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Leave a confirmation or read-back and put its question again."""
    state = replace(state, step=state.resume_step if state.doubt else Step.SCREEN, doubt=None)
    return state, ask(state)


def _back(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Reopen the question answered last."""
    if not state.trail:
        return state, ask(state, before=("back.none",))
    last = state.trail[-1]
    state = replace(
        state,
        step=Step.SCREEN,
        asking=last.asking,
        answers=last.answers,
        drilling=last.drilling,
        call_back_offered=False,
        trail=state.trail[:-1],
        doubt=None,
        failed=0,
        unsure=0,
    )
    return state, ask(state, before=("back.done",))


def _taken_back(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go back to before the last answer; two answers that contradict each other are a failed turn.

    A call back is stored as soon as it is asked for, so it is put back as well.
    """
    if state.undo is None:
        return state, ()
    before = replace(state.undo, channel=state.channel)
    after, effects = _failed(ruleset, before, event)
    return after, (*calling_back.restored(before, state), *effects)


def _failed(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Count a failed turn: reprompt, then offer the keys, then a person."""
    failed = state.failed + 1
    if failed < MAX_FAILED_TURNS:
        state = replace(state, failed=failed)
        keys = ("keys_hint",) if failed > 1 else ()
        return state, ask(state, before=(_why_again(event, failed), *keys), suffix=".again")
    return closing.not_understood(ruleset, state)


def _why_again(event: Event, failed: int) -> str:
    match event:
        case SecondThought():
            return "taken_back"
        case NoInput():
            return f"no_input.{failed}"
        case _:
            return f"no_match.{failed}"


def _operator(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.to_front_desk(ruleset, state, "to_person.asked")


def _emergency(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.emergency(ruleset, state)


def _suicide(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.suicide(ruleset, state)


def _fault(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.to_front_desk(ruleset, state, "to_person.fault")


def _hung_up(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return replace(state, step=Step.OVER), ()


# --- closing --------------------------------------------------------------------------------------------------------


def _played(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return replace(state, played=True), ()


def _operator_at_the_end(ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.person_after_all(ruleset, state)


def _fault_at_the_end(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Something broke during the last words: they are said again if they were cut, and whoever is next is tried."""
    again = () if state.played else state.closing[:-1]
    state, effects = closing.after_transfer(state, TransferOutcome.FAILED)
    return state, (*again, *effects)


def _transfer_ended(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, TransferEnded)
    return closing.after_transfer(state, event.outcome)


ANYWHERE: dict[Input, Handler] = {
    Input.CONNECTED: _reconnect,
    Input.DOUBTFUL: _doubtful,
    Input.REPEAT: _repeat,
    Input.HELP: _help,
    Input.BACK: _back,
    Input.TAKEN_BACK: _taken_back,
    Input.OPERATOR: _operator,
    Input.EMERGENCY: _emergency,
    Input.SUICIDE: _suicide,
    Input.NO_MATCH: _failed,
    Input.NO_INPUT: _failed,
    Input.UNSURE: _failed,
    Input.DECLINED: _failed,
    Input.DISCONNECTED: _nothing,
    Input.FAULT: _fault,
    Input.HUNG_UP: _hung_up,
}
"""Rows every asking step shares."""

TABLE: dict[Step, dict[Input, Handler]] = {
    Step.RINGING: {
        Input.STARTED: _started,
        Input.CONNECTED: _greet,
        Input.FAULT: _fault,
        Input.DISCONNECTED: _nothing,
        Input.HUNG_UP: _hung_up,
    },
    Step.TOPIC: ANYWHERE | {Input.YES: _topic_yes, Input.NO: _topic_no},
    Step.CONSENT: ANYWHERE
    | {Input.YES: _consent, Input.NO: _consent, Input.UNSURE: _consent, Input.DECLINED: _consent},
    Step.SCREEN: ANYWHERE
    | {
        Input.YES: _answer(Meaning.YES),
        Input.NO: _answer(Meaning.NO),
        Input.UNSURE: _answer(Meaning.UNSURE),
        Input.DECLINED: _answer(Meaning.DECLINED),
    },
    Step.READ_BACK: ANYWHERE
    | {
        Input.YES: _read_back_yes,
        Input.NO: _read_back_no,
        Input.UNSURE: _read_back_no,
        Input.DECLINED: _read_back_no,
        Input.DOUBTFUL: _failed,
        Input.BACK: _ask_anew,
    },
    Step.CONFIRM: ANYWHERE
    | {
        Input.YES: _confirmed,
        Input.NO: _not_confirmed,
        Input.UNSURE: _not_confirmed,
        Input.DECLINED: _not_confirmed,
        Input.DOUBTFUL: _not_confirmed,
        Input.NO_MATCH: _not_confirmed,
        Input.NO_INPUT: _not_confirmed,
        Input.BACK: _ask_anew,
    },
    Step.CALL_BACK: {**ANYWHERE, **calling_back.OFFERED},
    Step.CALL_BACK_TIME: {**ANYWHERE, **calling_back.TIME},
    Step.CLOSING: {
        Input.CONNECTED: _close_again,
        Input.PLAYED: _played,
        Input.TAKEN_BACK: _taken_back,
        Input.OPERATOR: _operator_at_the_end,
        Input.EMERGENCY: _emergency,
        Input.SUICIDE: _suicide,
        Input.TRANSFER_ENDED: _transfer_ended,
        Input.FAULT: _fault_at_the_end,
        **calling_back.WAITING,
    },
    Step.OVER: {},
}
"""Step x input -> handler. A cell that is not there changes nothing (law 5)."""
