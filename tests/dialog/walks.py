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
    Played,
    SecondThought,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.inputs import Input
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step

SURE = 0.99
DOUBTFUL = 0.6
STARTED = CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64)
CONNECTED = Connected(0, Channel.STREAM)


def heard(meaning, confidence=SURE, **more):
    return Heard(0, meaning, confidence, **more)


YES, NO, UNSURE = (heard(meaning) for meaning in (Meaning.YES, Meaning.NO, Meaning.UNSURE))
NO_MATCH = heard(None)
EVENT_FOR = {
    Input.STARTED: STARTED,
    Input.CONNECTED: CONNECTED,
    Input.DOUBTFUL: heard(Meaning.YES, DOUBTFUL),
    Input.TAKEN_BACK: SecondThought(0, Meaning.UNSURE),
    Input.NO_MATCH: NO_MATCH,
    Input.NO_INPUT: NoInput(0),
    Input.PLAYED: Played(0),
    Input.DISCONNECTED: Disconnected(0, "socket_closed"),
    Input.FAULT: Fault(0, "ears_failed"),
    Input.STAFF_REPLIED: StaffReplied(0, StaffReply.ACCEPTED),
    Input.TRANSFER_ENDED: TransferEnded(0, TransferOutcome.BUSY),
    Input.HUNG_UP: HungUp(0),
} | {Input(meaning.value): heard(meaning) for meaning in Meaning if meaning is not Meaning.MIXED}


def reach(ruleset, wanted, *, limit=60):
    """Return a state at the step `wanted`, reached by an ordinary caller."""
    nobody_there = replace(STARTED, closed=tuple(Target), number_shown=True)
    calling_back = wanted in {Step.CALL_BACK, Step.CALL_BACK_TIME}
    state, _ = fold(ruleset, [nobody_there if calling_back else STARTED])
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
        answer = YES if state.step in {Step.TOPIC, Step.READ_BACK, Step.CONSENT, Step.CALL_BACK} else NO
        state, _ = step(ruleset, state, answer)
    raise AssertionError(f"no call reaches {wanted}")


def prompts(effects):
    return [prompt for effect in effects if isinstance(effect, Say) for prompt in effect.prompts]


def asked(effects):
    return next(effect.asking for effect in effects if isinstance(effect, Listen))
