"""Why a call should be looked at by a nurse, as a fold over its record. Who looks when is not decided here."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.calls.outcome import Outcome
from voicebot.calls.record import read_record
from voicebot.dialog.answers import CONFIRM_AT
from voicebot.dialog.effects import PageStaff, Refused911
from voicebot.dialog.events import Heard, NoInput, SecondThought, TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning
from voicebot.triage.levels import RED_FLAG, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicebot.calls.entries import Entry, Message

LOW_CONFIDENCE = 0.7
"""Confidence, 0..1: an answer understood with less deserves a second pair of ears, although it was read back."""
MANY_FAILED_TURNS = 3
"""Times that a call was silent or not understood, wherever in it."""
ONE_IN = 20
"""So many calls without any other reason give one for the sample."""
WHEN_UNDECIDED = Urgency.SAME_DAY
"""How urgent the review of a call is that the rules never decided: unknown is never "no"."""


class ReviewReason(StrEnum):
    """Why a call is to be reviewed."""

    EMERGENCY = "emergency"
    """Urgency 4 or 5, or the caller spoke of an emergency or of suicide."""
    UNCLEAR_RED_FLAG = "unclear_red_flag"
    """A warning sign could not be cleared."""
    PAGED = "paged"
    """Staff were paged, or the caller did not say that they will call nine one one."""
    NOBODY_TOOK_IT = "nobody_took_it"
    """The last transfer reached nobody."""
    LEFT_EARLY = "left_early"
    """The caller hung up before help, and the urgency was 3 or more."""
    BROKEN_OFF = "broken_off"
    """The record has no end."""
    FAULT = "fault"
    CONTRADICTION = "contradiction"
    """An answer was taken back, or said yes and no at once."""
    LOW_CONFIDENCE = "low_confidence"
    REPROMPTS = "reprompts"
    SAMPLE = "sample"
    """Chosen by the hash of its id, so that calls without trouble are looked at too."""


def review_reasons(call_id: str, entries: Sequence[Entry]) -> tuple[ReviewReason, ...]:
    """Return why the call is to be reviewed, the weightiest first; empty when nothing speaks for it."""
    found = tuple(_reasons(entries))
    return found or ((ReviewReason.SAMPLE,) if _is_sampled(call_id) else ())


def review_urgency(entries: Sequence[Entry]) -> Urgency:
    """Return how urgent the review is: the stricter of what was decided, and the highest after talk of an emergency."""
    decision = read_record(entries).decision
    if _spoke_of_emergency([entry.message for entry in entries]):
        return Urgency.CALL_911
    if decision is None:
        return WHEN_UNDECIDED
    return Urgency(max(int(decision["urgency"]), int(decision["urgency_if_no_person"])))


def failed_turns(messages: Sequence[Message]) -> int:
    """Return how often the caller was silent or not understood."""
    return sum(isinstance(one, NoInput) or (isinstance(one, Heard) and not understood(one)) for one in messages)


def understood(heard: Heard) -> bool:
    """Return whether an utterance meant something to the line, surely enough not to be asked again."""
    return heard.meaning not in {None, Meaning.MIXED} and heard.confidence >= CONFIRM_AT


def _reasons(entries: Sequence[Entry]) -> Iterator[ReviewReason]:
    record = read_record(entries)
    messages = [entry.message for entry in entries]
    urgency = record.urgency or Urgency.SELF_CARE
    if urgency >= Urgency.EMERGENCY_ROOM or _spoke_of_emergency(messages):
        yield ReviewReason.EMERGENCY
    if record.decision and record.decision["live_person"]:
        yield ReviewReason.UNCLEAR_RED_FLAG
    if any(isinstance(message, PageStaff | Refused911) for message in messages):
        yield ReviewReason.PAGED
    transfers = [message.outcome for message in messages if isinstance(message, TransferEnded)]
    if transfers and transfers[-1] is not TransferOutcome.ANSWERED:
        yield ReviewReason.NOBODY_TOOK_IT
    if record.outcome is Outcome.HUNG_UP and urgency >= RED_FLAG:
        yield ReviewReason.LEFT_EARLY
    if record.outcome is None:
        yield ReviewReason.BROKEN_OFF
    if record.faults:
        yield ReviewReason.FAULT
    if any(_contradicts(message) for message in messages):
        yield ReviewReason.CONTRADICTION
    if any(isinstance(one, Heard) and understood(one) and one.confidence < LOW_CONFIDENCE for one in messages):
        yield ReviewReason.LOW_CONFIDENCE
    if failed_turns(messages) >= MANY_FAILED_TURNS:
        yield ReviewReason.REPROMPTS


def _spoke_of_emergency(messages: Sequence[Message]) -> bool:
    urgent = {Meaning.EMERGENCY, Meaning.CALLING, Meaning.SUICIDE}
    return any(
        (isinstance(one, Heard) and one.meaning in urgent and understood(one))
        or (isinstance(one, SecondThought) and one.meaning in urgent)
        for one in messages
    )


def _contradicts(message: Message) -> bool:
    match message:
        case SecondThought():
            return message.takes_back
        case Heard(meaning=Meaning.MIXED):
            return True
        case _:
            return False


def _is_sampled(call_id: str) -> bool:
    return int.from_bytes(hashlib.sha256(call_id.encode()).digest()[:4]) % ONE_IN == 0
