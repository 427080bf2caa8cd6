"""Reduces an event to what it means to the table. No decision about the call is taken here."""

from __future__ import annotations

from enum import StrEnum

from voicebot.dialog.answers import Action, judge
from voicebot.dialog.events import (
    CallStarted,
    Connected,
    Disconnected,
    Event,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    NumberEntered,
    PlaceRecorded,
    Played,
    SecondThought,
    StaffAsked,
    StaffReplied,
    TransferEnded,
)
from voicebot.dialog.gate import STEPS
from voicebot.dialog.meaning import KEYS, Meaning
from voicebot.dialog.state import State, Step
from voicebot.triage.levels import RED_FLAG


class Input(StrEnum):
    """What an event means to the table."""

    STARTED = "started"
    CONNECTED = "connected"
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    DECLINED = "declined"
    DOUBTFUL = "doubtful"
    """Understood, but not well enough to act on."""
    REPEAT = "repeat"
    HELP = "help"
    BACK = "back"
    SLOWER = "slower"
    LEFT = "left"
    """How many questions are left?"""
    SPANISH = "spanish"
    INTERPRETER = "interpreter"
    RELAY = "relay"
    OPERATOR = "operator"
    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    UNHEEDED = "unheeded"
    """Said over what cannot be interrupted, and nothing that is not acted on already."""
    TAKEN_BACK = "taken_back"
    """The last answer stands no longer."""
    NO_MATCH = "no_match"
    NO_INPUT = "no_input"
    NUMBER_ENTERED = "number_entered"
    NUMBER_INCOMPLETE = "number_incomplete"
    PLAYED = "played"
    PLACE_RECORDED = "place_recorded"
    DISCONNECTED = "disconnected"
    FAULT = "fault"
    STAFF_ASKED = "staff_asked"
    STAFF_REPLIED = "staff_replied"
    TRANSFER_ENDED = "transfer_ended"
    HUNG_UP = "hung_up"


MEANT: dict[Meaning, Input] = {
    meaning: Input(meaning.value) for meaning in Meaning if meaning not in {Meaning.MIXED, Meaning.CALLING}
}
OVERHEARD = frozenset({Meaning.EMERGENCY, Meaning.SUICIDE})
"""What is heard also over what cannot be interrupted."""
_TOLD_TO_CALL = frozenset({Step.WILL_CALL, Step.WITH_PATIENT, Step.PLACE_CONSENT, Step.PLACE})
"""Steps of a caller who was told to call nine one one."""
_WORTH_CONFIRMING = frozenset({Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.EMERGENCY})


def classify(state: State, event: Event) -> Input:
    """Return what `event` means while the call is in `state`."""
    match event:
        case CallStarted():
            return Input.STARTED
        case Connected():
            return Input.CONNECTED
        case Heard():
            return _heard(state, event)
        case SecondThought():
            return Input.TAKEN_BACK if event.takes_back else MEANT[meant_here(state, event.meaning)]
        case KeyPressed():
            return MEANT[KEYS[event.key]] if event.key in KEYS else Input.NO_MATCH
        case NoInput():
            return Input.NO_INPUT
        case NumberEntered(complete=complete):
            return Input.NUMBER_ENTERED if complete else Input.NUMBER_INCOMPLETE
        case Played():
            return Input.PLAYED
        case PlaceRecorded():
            return Input.PLACE_RECORDED
        case Disconnected():
            return Input.DISCONNECTED
        case Fault():
            return Input.FAULT
        case StaffAsked():
            return Input.STAFF_ASKED
        case StaffReplied():
            return Input.STAFF_REPLIED
        case TransferEnded():
            return Input.TRANSFER_ENDED
        case HungUp():
            return Input.HUNG_UP


def _heard(state: State, heard: Heard) -> Input:
    """Return what words mean here."""
    if heard.urgent_only:
        return _overheard(state, heard)
    if heard.meaning is None:
        return Input.NO_MATCH
    meaning = meant_here(state, heard.meaning)
    action = judge(heard.meaning, heard.confidence, over_prompt=heard.over_prompt and _is_risky(state, meaning))
    if action is Action.ASK_AGAIN:
        return Input.NO_MATCH
    if action is Action.CONFIRM and meaning in _WORTH_CONFIRMING:
        return Input.DOUBTFUL
    return MEANT[meaning]


def _overheard(state: State, heard: Heard) -> Input:
    """Return what words over what cannot be interrupted mean: only urgent ones, beyond doubt, and news to the line.

    Advice that is being said, or that the open question follows, does not begin anew for them.
    """
    if heard.meaning not in OVERHEARD or judge(heard.meaning, heard.confidence) is not Action.ACCEPT:
        return Input.UNHEEDED
    told_to_call = state.advising or state.open_step in _TOLD_TO_CALL
    known = state.crisis if heard.meaning is Meaning.SUICIDE else told_to_call
    return Input.UNHEEDED if known else MEANT[heard.meaning]


def _is_risky(state: State, meaning: Meaning) -> bool:
    """Return whether an answer may not be taken as it is when it was spoken over the question.

    While the line itself speaks, it may be the line's own voice coming back, and whoever answers has not heard all of
    the question. So an answer to a red flag is confirmed, and so is whether they will call nine one one: a "yes" lets
    them go. A "yes" over a read-back, which clears several red flags, is asked for again; a "no" over it is taken, as
    it leads to each of them being asked by itself.
    """
    match state.step:
        case Step.SCREEN:
            return is_red_flag(state)
        case Step.READ_BACK:
            return meaning is Meaning.YES
        case Step.WILL_CALL:
            return meaning is not Meaning.EMERGENCY
        case _:
            return False


def meant_here(state: State, meaning: Meaning) -> Meaning:
    """Return what a meaning comes to at this step: "I will call nine one one" is a yes only to being asked for it.

    "Call an ambulance" is never one: whoever says so may want the line to do it.
    """
    if meaning is not Meaning.CALLING:
        return meaning
    return Meaning.YES if state.step is Step.WILL_CALL else Meaning.EMERGENCY


def is_red_flag(state: State) -> bool:
    """Return whether the open question is about an emergency: one whose yes cannot wait, or "will you call now?"."""
    step = state.open_step
    asks_for_one = step not in STEPS and state.asking is not None and state.asking.level >= RED_FLAG
    return step is Step.WILL_CALL or asks_for_one
