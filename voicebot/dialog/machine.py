"""THE DIALOG: one table and one `step`. What the line says next is decided by a row here and its handler.

The handlers stand beside, by phase of the call: opening, resuming, gate_answers, answering, mending and failing,
anywhere, pace, languages, ending, calling_back; emergency and staying for callers in danger. A handler may only return
the next state and effects; which handler runs is this table's alone.

Laws:
1. `step` is total over the table and pure: the same state and event always give the same state and effects.
2. The triage engine alone picks questions and urgency; no handler ever looks at what a question is about.
3. Whatever is not understood three times in a row ends with a person, never with the next question.
4. "Not sure" is never "no"; a "no" that clears several red flags at once is read back.
5. An input that is out of place in a step changes nothing; on a line that only rings it is a programming error.
6. An answer taken back leaves no trace but in the record: the call is as before it, and the question is asked again.

An event is first reduced to an Input (inputs.py); TABLE names the handler for each step and input. Inputs that mean the
same at every asking step (operator, repeat, silence ...) are written once, in ANYWHERE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import (
    answering,
    anywhere,
    calling_back,
    emergency,
    ending,
    failing,
    gate_answers,
    languages,
    mending,
    opening,
    pace,
    resuming,
    staying,
)
from voicebot.dialog.changing import replace
from voicebot.dialog.events import Event, Heard
from voicebot.dialog.inputs import MEANT, Input, classify
from voicebot.dialog.manner import in_manner
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.dialog.effects import Effect
    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet


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
    if after is state and not effects:
        return state, ()
    undo = replace(state, undo=None) if isinstance(event, Heard) and state.step is not Step.CLOSING else None
    after = replace(
        after,
        undo=undo,
        call_back=calling_back.standing(after, effects),
        advising=emergency.advising(after, effects),
    )
    return after, in_manner(after, effects)


def fold(ruleset: RuleSet, events: Iterable[Event]) -> tuple[State, list[tuple[Event, tuple[Effect, ...]]]]:
    """Return the state after all `events`, and each event with the effects it had."""
    state, history = State(), []
    for event in events:
        state, effects = step(ruleset, state, event)
        history.append((event, effects))
    return state, history


def _confirmed(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Act on the meaning that was in doubt as if it had been heard well."""
    assert state.doubt is not None
    return _asked_about(MEANT[state.doubt])(ruleset, state, event)


def _asked_about(found: Input) -> Handler:
    """Return the handler that does what `found` does at the question in doubt."""

    def handler(ruleset: RuleSet, state: State, event: Event) -> Result:
        resumed = replace(state, step=state.resume_step, doubt=None)
        return TABLE[resumed.step][found](ruleset, resumed, event)

    return handler


ANYWHERE: dict[Input, Handler] = {
    Input.CONNECTED: opening.reconnect,
    Input.DOUBTFUL: mending.doubtful,
    Input.REPEAT: anywhere.repeat,
    Input.HELP: anywhere.explain,
    Input.BACK: mending.back,
    Input.SLOWER: pace.slower,
    Input.RELAY: pace.relay,
    Input.LEFT: pace.left,
    Input.SPANISH: languages.interpreter("to_person.spanish"),
    Input.INTERPRETER: languages.interpreter("to_person.interpreter"),
    Input.TAKEN_BACK: failing.taken_back,
    Input.OPERATOR: anywhere.operator,
    Input.STAFF_ASKED: anywhere.staff_asked,
    Input.EMERGENCY: anywhere.emergency,
    Input.SUICIDE: anywhere.suicide,
    Input.NO_MATCH: failing.failed_turn,
    Input.NO_INPUT: failing.failed_turn,
    Input.UNSURE: failing.failed_turn,
    Input.DECLINED: failing.failed_turn,
    Input.DISCONNECTED: anywhere.nothing,
    Input.FAULT: anywhere.fault,
    Input.HUNG_UP: anywhere.hung_up,
}
"""Rows every asking step shares."""

URGENT_WISHES = (Input.OPERATOR, Input.EMERGENCY, Input.SPANISH, Input.INTERPRETER, Input.FAULT)
"""Inputs that lead to a person or to nine one one from where the call is, also while an answer is in doubt."""

TABLE: dict[Step, dict[Input, Handler]] = {
    Step.RINGING: {
        Input.STARTED: opening.started,
        Input.CONNECTED: opening.greet,
        Input.FAULT: anywhere.fault,
        Input.DISCONNECTED: anywhere.nothing,
        Input.HUNG_UP: anywhere.hung_up,
    },
    Step.GOING_ON: {**ANYWHERE, **resuming.GOING_ON},
    Step.TOPIC: ANYWHERE | {Input.YES: opening.topic_yes, Input.NO: opening.topic_no},
    Step.FOR_SELF: ANYWHERE | {Input.YES: gate_answers.for_self, Input.NO: gate_answers.for_another},
    Step.ABOUT_PATIENT: ANYWHERE
    | {
        Input.YES: gate_answers.about_patient,
        Input.NO: gate_answers.about_caller,
        Input.UNSURE: gate_answers.about_caller,
        Input.DECLINED: gate_answers.about_caller,
    },
    Step.ADULT: ANYWHERE
    | {
        Input.YES: gate_answers.adult,
        Input.NO: gate_answers.minor,
        Input.UNSURE: gate_answers.minor,
        Input.DECLINED: gate_answers.minor,
    },
    Step.CONSENT: ANYWHERE
    | {
        Input.YES: gate_answers.recorded,
        Input.NO: gate_answers.unrecorded,
        Input.UNSURE: gate_answers.unrecorded,
        Input.DECLINED: gate_answers.unrecorded,
    },
    Step.NUMBER: ANYWHERE
    | {
        Input.YES: gate_answers.number_good,
        Input.NO: gate_answers.number_bad,
        Input.UNSURE: gate_answers.number_good,
        Input.DECLINED: gate_answers.number_good,
    },
    Step.OTHER_NUMBER: ANYWHERE
    | {
        Input.NUMBER_ENTERED: gate_answers.number_entered,
        Input.NUMBER_INCOMPLETE: failing.failed_turn,
        Input.YES: failing.failed_turn,
        Input.NO: gate_answers.number_left_out,
        Input.UNSURE: gate_answers.number_left_out,
        Input.DECLINED: gate_answers.number_left_out,
    },
    Step.SCREEN: ANYWHERE
    | {
        Input.YES: answering.answer(Meaning.YES),
        Input.NO: answering.answer(Meaning.NO),
        Input.UNSURE: answering.answer(Meaning.UNSURE),
        Input.DECLINED: answering.answer(Meaning.DECLINED),
    },
    Step.READ_BACK: ANYWHERE
    | {
        Input.YES: answering.read_back_yes,
        Input.NO: answering.read_back_no,
        Input.UNSURE: answering.read_back_no,
        Input.DECLINED: answering.read_back_no,
        Input.DOUBTFUL: failing.failed_turn,
        Input.BACK: mending.ask_anew,
    },
    Step.CONFIRM: ANYWHERE
    | {
        Input.YES: _confirmed,
        Input.NO: mending.not_confirmed,
        Input.UNSURE: mending.not_confirmed,
        Input.DECLINED: mending.not_confirmed,
        Input.DOUBTFUL: mending.not_confirmed,
        Input.NO_MATCH: mending.not_confirmed,
        Input.NO_INPUT: mending.not_confirmed,
        Input.BACK: mending.ask_anew,
    }
    | {found: _asked_about(found) for found in URGENT_WISHES},
    Step.CALL_BACK: {**ANYWHERE, **calling_back.OFFERED},
    Step.CALL_BACK_TIME: {**ANYWHERE, **calling_back.TIME},
    Step.WILL_CALL: {**ANYWHERE, **emergency.WILL_CALL},
    Step.WITH_PATIENT: {**ANYWHERE, **emergency.WITH_PATIENT},
    Step.PLACE_CONSENT: {**ANYWHERE, **emergency.PLACE_CONSENT},
    Step.PLACE: {
        Input.DISCONNECTED: anywhere.nothing,
        Input.TAKEN_BACK: failing.taken_back,
        Input.SUICIDE: anywhere.suicide,
        Input.HUNG_UP: anywhere.hung_up,
        **emergency.PLACE,
    },
    Step.STAYING: {**ANYWHERE, **staying.STAYING},
    Step.CLOSING: {
        Input.CONNECTED: opening.close_again,
        Input.PLAYED: ending.played,
        Input.TAKEN_BACK: failing.taken_back,
        Input.REPEAT: ending.again,
        Input.SLOWER: ending.again_slower,
        Input.OPERATOR: ending.operator_at_the_end,
        Input.STAFF_ASKED: ending.operator_at_the_end,
        Input.SPANISH: ending.operator_at_the_end,
        Input.INTERPRETER: ending.operator_at_the_end,
        Input.EMERGENCY: anywhere.emergency,
        Input.SUICIDE: anywhere.suicide,
        Input.TRANSFER_ENDED: ending.transfer_ended,
        Input.FAULT: ending.fault_at_the_end,
        **ending.KEYS_ALONE,
        **calling_back.WAITING,
    },
    Step.OVER: {},
}
"""Step x input -> handler. A cell that is not there changes nothing (law 5)."""
