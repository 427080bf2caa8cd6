"""Calls in text that the tests of the dialog walk through: events, and what they lead to."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog.effects import Listen, Say, Target
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Disconnected,
    Fault,
    Heard,
    HungUp,
    NoInput,
    NumberEntered,
    PlaceRecorded,
    Played,
    SecondThought,
    StaffAsked,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.inputs import MEANT, Input
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step

SURE = 0.99
DOUBTFUL = 0.6
STARTED = CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64)
NUMBER_SHOWN = replace(STARTED, number_shown=True)
CONNECTED = Connected(0, Channel.STREAM)


def heard(meaning, confidence=SURE, **more):
    return Heard(0, meaning, confidence, **more)


YES, NO, UNSURE = (heard(meaning) for meaning in (Meaning.YES, Meaning.NO, Meaning.UNSURE))
NO_MATCH = heard(None)
EVENT_FOR = {
    Input.STARTED: STARTED,
    Input.CONNECTED: CONNECTED,
    Input.DOUBTFUL: heard(Meaning.YES, DOUBTFUL),
    Input.UNHEEDED: heard(Meaning.YES, urgent_only=True),
    Input.TAKEN_BACK: SecondThought(0, Meaning.UNSURE),
    Input.NO_MATCH: NO_MATCH,
    Input.NO_INPUT: NoInput(0),
    Input.NUMBER_ENTERED: NumberEntered(0, complete=True),
    Input.NUMBER_INCOMPLETE: NumberEntered(0, complete=False),
    Input.PLAYED: Played(0),
    Input.PLACE_RECORDED: PlaceRecorded(0, 3000),
    Input.DISCONNECTED: Disconnected(0, "socket_closed"),
    Input.FAULT: Fault(0, "ears_failed"),
    Input.STAFF_ASKED: StaffAsked(0),
    Input.STAFF_REPLIED: StaffReplied(0, StaffReply.ACCEPTED),
    Input.TRANSFER_ENDED: TransferEnded(0, TransferOutcome.BUSY),
    Input.HUNG_UP: HungUp(0),
} | {Input(meaning.value): heard(meaning) for meaning in MEANT}


SAID_YES_TO = {
    Step.TOPIC,
    Step.READ_BACK,
    Step.FOR_SELF,
    Step.ABOUT_PATIENT,
    Step.ADULT,
    Step.CONSENT,
    Step.NUMBER,
    Step.CALL_BACK,
}
"""Steps at which an ordinary caller, without a sign of anything, says yes."""
_BY_NO = {Step.ABOUT_PATIENT: {Step.FOR_SELF}, Step.OTHER_NUMBER: {Step.NUMBER}}
"""Steps that only a "no" leads to."""


FOR_ANOTHER = (YES, *(NO, YES) * 4, NO)
"""After the greeting: about a leg, no sign that cannot wait a question, and somebody calls for another."""
IN_DANGER = {
    Step.WILL_CALL: (heard(Meaning.EMERGENCY),),
    Step.WITH_PATIENT: (*FOR_ANOTHER, heard(Meaning.EMERGENCY), YES),
    Step.PLACE_CONSENT: (heard(Meaning.EMERGENCY), NO),
    Step.PLACE: (heard(Meaning.EMERGENCY), NO, YES),
    Step.STAYING: (heard(Meaning.SUICIDE), TransferEnded(0, TransferOutcome.BUSY)),
}
"""Steps that no ordinary caller gets to -> what leads to them after the greeting."""


def reach(ruleset, wanted, *, limit=60):
    """Return a state at the step `wanted`, reached by an ordinary caller."""
    if wanted is Step.GOING_ON:
        return fold(ruleset, [replace(STARTED, earlier_call="before"), CONNECTED])[0]
    if wanted in IN_DANGER:
        return fold(ruleset, [STARTED, CONNECTED, *IN_DANGER[wanted]])[0]
    nobody_there = replace(STARTED, closed=tuple(Target), number_shown=True)
    started = {
        Step.CALL_BACK: nobody_there,
        Step.CALL_BACK_TIME: nobody_there,
        Step.NUMBER: NUMBER_SHOWN,
        Step.OTHER_NUMBER: NUMBER_SHOWN,
    }
    state, _ = fold(ruleset, [started.get(wanted, STARTED)])
    if wanted is Step.RINGING:
        return state
    state, _ = step(ruleset, state, CONNECTED)
    for _ in range(limit):
        if state.step is wanted:
            return state
        if wanted is Step.CONFIRM and state.step is Step.SCREEN:
            return step(ruleset, state, heard(Meaning.YES, DOUBTFUL))[0]
        if wanted is Step.OVER and state.step is Step.CLOSING:
            return step(ruleset, state, HungUp(0))[0]
        answer = YES if state.step in SAID_YES_TO and state.step not in _BY_NO.get(wanted, ()) else NO
        state, _ = step(ruleset, state, answer)
    raise AssertionError(f"no call reaches {wanted}")


def prompts(effects):
    return [prompt for effect in effects if isinstance(effect, Say) for prompt in effect.prompts]


def asked(effects):
    return next(effect.asking for effect in effects if isinstance(effect, Listen))
