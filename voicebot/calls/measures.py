"""What one call adds to the clinic's numbers: counts by name, made once when the call is over, and summed for good.

Summed counts answer every question of the numbers page, so that no page ever reads the calls themselves. No words of
callers are in them, and no call can be told from another.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.calls.outcome import Outcome
from voicebot.calls.record import read_record, what_stands
from voicebot.calls.review_reasons import understood
from voicebot.dialog.effects import Listen, Transfer
from voicebot.dialog.events import (
    Event,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    StaffReplied,
    TransferEnded,
    is_event,
)
from voicebot.dialog.meaning import KEYS, URGENT, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicebot.calls.entries import Entry, Message

GAP_BIN_MS = 20
"""Turn gaps are counted in bins as wide as a frame of sound."""
CONFIDENCE_BINS = 20
"""0..1 in twentieths."""
NOT_DECIDED = "not_decided"
NOT_TOLD = "not_told"
"""How a transfer went of which the carrier told nothing, because the caller hung up or the line was lost."""


class Measure(StrEnum):
    """What is counted; each with a key and a detail."""

    QUESTION = "question"
    """Name of a question, and what followed it (Followed)."""
    OUTCOME = "outcome"
    """How the call ended, and the urgency."""
    CARRIED = "carried"
    """Who brought the call to its end (Carried)."""
    TRANSFER = "transfer"
    """Whom the call was put through to, and how that went."""
    TURN_GAP = "turn_gap"
    """Lower end of the bin, in ms."""
    CONFIDENCE = "confidence"
    """Lower end of the bin, in percent, and whether it was understood."""
    FAULT = "fault"
    """Its code."""
    AT_ONCE = "at_once"
    """How many calls were going on when one began, itself included; not told by the record of one call alone."""


class Followed(StrEnum):
    """What followed a question that was put to a caller."""

    NEXT = "next"
    """It was answered, and the call went on."""
    AGAIN = "again"
    """The caller asked for it again, for help, or for anything else; or the answer was read back to be confirmed."""
    NO_INPUT = "no_input"
    NO_MATCH = "no_match"
    PERSON = "person"
    """The caller was put through, by wish or after failed turns."""
    HUNG_UP = "hung_up"
    BROKEN = "broken"
    """A fault of ours, or the line was cut."""


class Carried(StrEnum):
    """Who brought a call to its end."""

    BY_THE_LINE = "by_the_line"
    """Decided, and the caller heard advice or was put through to scheduling: contained."""
    BY_A_PERSON = "by_a_person"
    """The caller was put through to anybody else."""
    LEFT_FOR_LATER = "left_for_later"
    """Nobody was there: to be called back, or asked to call again."""
    BY_NOBODY = "by_nobody"
    """The caller hung up early, or nobody could be reached."""


_CARRIED = {
    Outcome.SCHEDULING: Carried.BY_THE_LINE,
    Outcome.CALL_911: Carried.BY_THE_LINE,
    Outcome.EMERGENCY_ROOM: Carried.BY_THE_LINE,
    Outcome.SAME_DAY: Carried.BY_THE_LINE,
    Outcome.PRIMARY_CARE: Carried.BY_THE_LINE,
    Outcome.SELF_CARE: Carried.BY_THE_LINE,
    Outcome.NURSE: Carried.BY_A_PERSON,
    Outcome.FRONT_DESK: Carried.BY_A_PERSON,
    Outcome.AFTER_HOURS: Carried.BY_A_PERSON,
    Outcome.CALL_BACK: Carried.LEFT_FOR_LATER,
    Outcome.CALL_AGAIN: Carried.LEFT_FOR_LATER,
    Outcome.HUNG_UP: Carried.BY_NOBODY,
    Outcome.FAILED: Carried.BY_NOBODY,
}
_ANSWERS = {Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.DECLINED}


@dataclass(frozen=True, slots=True)
class Tally:
    """One thing counted."""

    measure: Measure
    key: str = ""
    detail: str = ""


def measure(entries: Sequence[Entry]) -> Counter[Tally]:
    """Return what the call, which is over, adds to the numbers."""
    return Counter(_tallies(entries))


def _tallies(entries: Sequence[Entry]) -> Iterator[Tally]:
    record = read_record(entries)
    messages = [entry.message for entry in entries]
    ended = record.outcome or Outcome.FAILED
    yield Tally(Measure.OUTCOME, ended, NOT_DECIDED if record.urgency is None else str(record.urgency))
    yield Tally(Measure.CARRIED, _CARRIED[ended])
    for asked, event, effects in _turns(messages):
        yield Tally(Measure.QUESTION, asked, _followed(asked, event, effects))
    yield from _transfers(what_stands(messages))
    for message in messages:
        match message:
            case Heard():
                yield Tally(Measure.CONFIDENCE, _confidence_bin(message.confidence), _how_heard(message))
            case Fault():
                yield Tally(Measure.FAULT, message.code)
            case _:
                pass
    for gap_ms in record.turn_gaps_ms:
        yield Tally(Measure.TURN_GAP, str(gap_ms // GAP_BIN_MS * GAP_BIN_MS))


def _transfers(messages: Sequence[Message]) -> Iterator[Tally]:
    """Yield every transfer that stands, with how it went."""
    ringing = ""
    for message in messages:
        match message:
            case Transfer():
                if ringing:
                    yield Tally(Measure.TRANSFER, ringing, NOT_TOLD)
                ringing = message.target
            case TransferEnded() if ringing:
                yield Tally(Measure.TRANSFER, ringing, message.outcome)
                ringing = ""
            case _:
                pass
    if ringing:
        yield Tally(Measure.TRANSFER, ringing, NOT_TOLD)


def _turns(messages: Sequence[Message]) -> Iterator[tuple[str, Event | None, list[Message]]]:
    """Yield each question that was put, with the caller's event that followed and what the line did then."""
    messages = [one for one, then in itertools.zip_longest(messages, messages[1:]) if not _is_unheeded(one, then)]
    places = [place for place, message in enumerate(messages) if isinstance(message, Listen)]
    for place in places:
        listen = messages[place]
        assert isinstance(listen, Listen)
        after = [one for one in messages[place + 1 :] if not isinstance(one, StaffReplied)]
        event = next((one for one in after if isinstance(one, Event)), None)
        effects: list[Message] = list(itertools.takewhile(lambda one: not isinstance(one, Event), after[1:]))
        yield listen.asking, event, effects


def _is_unheeded(message: Message, following: Message | None) -> bool:
    """Return whether nothing came of words over what cannot be interrupted: no question was answered by them."""
    overheard = isinstance(message, Heard) and message.urgent_only
    return overheard and (following is None or is_event(following))


def _followed(asked: str, event: Event | None, effects: Sequence[Message]) -> Followed:
    if isinstance(event, HungUp):
        return Followed.HUNG_UP
    if isinstance(event, Heard | KeyPressed | NoInput):
        if any(isinstance(effect, Transfer) for effect in effects) and not _answers(event):
            return Followed.PERSON
        if isinstance(event, NoInput):
            return Followed.NO_INPUT
        meaning = _meaning(event)
        if meaning is None:
            return Followed.NO_MATCH
        goes_on = meaning in {*_ANSWERS, *URGENT} and not _is_confirmed(asked, effects)
        return Followed.NEXT if goes_on else Followed.AGAIN
    return Followed.BROKEN


def _answers(event: Event) -> bool:
    """Return whether this is an answer to the question, so that a transfer after it is what the rules decided."""
    return isinstance(event, Heard | KeyPressed) and _meaning(event) in _ANSWERS


def _meaning(event: Heard | KeyPressed) -> Meaning | None:
    if isinstance(event, KeyPressed):
        return KEYS.get(event.key)
    return event.meaning if understood(event) else None


def _is_confirmed(asked: str, effects: Sequence[Message]) -> bool:
    following = next((one.asking for one in effects if isinstance(one, Listen)), "")
    return following.startswith("confirm.") and not asked.startswith("confirm.")


def _confidence_bin(confidence: float) -> str:
    return str(min(int(confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1) * 100 // CONFIDENCE_BINS)


def _how_heard(heard: Heard) -> str:
    return "understood" if understood(heard) else "not_understood"
