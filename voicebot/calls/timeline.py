"""Where everything that was said and done lies on the call's clock, for whoever plays a call back. Pure.

The record tells when a caller's utterance began and ended, and when a prompt was begun. How long a prompt takes is
handed in, and where a word lies within its utterance or prompt is spread by its letters: an estimate, and told as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING

from voicebot.calls.transcript import Speaker, transcript
from voicebot.dialog.effects import Say
from voicebot.dialog.events import Disconnected, Event, Fault, Heard, HungUp, SecondThought

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry, Message
    from voicebot.dialog.meaning import Meaning


class Kind(StrEnum):
    """What sort of moment it is."""

    PROMPT = "prompt"
    SPEECH = "speech"
    """The caller said something."""
    SIGN = "sign"
    """The caller pressed a key, or was silent."""
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was said or done, for as long as it took."""

    seq: int
    """Its place in the record."""
    kind: Kind
    speaker: Speaker
    from_ms: int
    to_ms: int
    """On the call's clock; equal for what took no time."""
    text: str | None
    """None when the caller's words were deleted."""
    meaning: Meaning | None = None
    confidence: float | None = None
    """0..1, of an utterance."""
    turn_gap_ms: int | None = None
    over_prompt: bool = False
    """Spoken while the question was still playing."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word and where it is thought to lie."""

    text: str
    from_ms: int
    to_ms: int


def timeline(entries: Sequence[Entry], texts: Mapping[str, str], say_ms: Callable[[Say], int]) -> Iterator[Moment]:
    """Yield the moments of a call in order.

    `texts` holds the words of each prompt id, `say_ms` tells how long saying it takes. Whatever the line says ends at
    the latest with the event after which it says something else.
    """
    cuts_ms = _cuts(entries)
    at_ms = free_ms = 0
    for entry in entries:
        message = entry.message
        if isinstance(message, Event):
            at_ms = free_ms = message.at_ms
        for line in transcript([entry], texts):
            from_ms, to_ms = _span(message, at_ms)
            if isinstance(message, Say):  # several prompts that follow one event are said one after another
                cut_ms = cuts_ms.get(entry.seq)
                from_ms, free_ms = free_ms, free_ms + say_ms(message)
                from_ms, to_ms = (at if cut_ms is None else min(at, cut_ms) for at in (from_ms, free_ms))
            yield Moment(
                seq=entry.seq,
                kind=_kind(message, line.speaker),
                speaker=line.speaker,
                from_ms=from_ms,
                to_ms=to_ms,
                text=line.text,
                meaning=line.meaning,
                confidence=line.confidence,
                turn_gap_ms=line.turn_gap_ms,
                over_prompt=isinstance(message, Heard) and message.over_prompt,
            )


def _cuts(entries: Sequence[Entry]) -> dict[int, int]:
    """Return for each place of a Say when (ms) it ended at the latest: the line spoke again, or nobody listened."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    at_ms: int | None = None
    said: list[int] = []
    for entry in entries:
        if isinstance(entry.message, Event):
            waiting += said
            at_ms, said = entry.message.at_ms, []
            if isinstance(entry.message, HungUp | Disconnected):
                found |= dict.fromkeys(waiting, at_ms)
                waiting = []
        elif isinstance(entry.message, Say) and at_ms is not None:
            found |= dict.fromkeys(waiting, at_ms)
            waiting = []
            said.append(entry.seq)
    return found


def _span(message: Message, at_ms: int) -> tuple[int, int]:
    if isinstance(message, Heard | SecondThought) and message.started_ms is not None and message.ended_ms is not None:
        return message.started_ms, max(message.started_ms, message.ended_ms)
    return at_ms, at_ms


def _kind(message: Message, speaker: Speaker) -> Kind:
    match speaker:
        case Speaker.LINE:
            return Kind.PROMPT
        case Speaker.CALLER:
            said = isinstance(message, Heard) or (isinstance(message, SecondThought) and message.key is None)
            return Kind.SPEECH if said else Kind.SIGN
        case Speaker.NOTE:
            return Kind.FAULT if isinstance(message, Fault) else Kind.NOTE


def spread(text: str, from_ms: int, to_ms: int) -> tuple[Word, ...]:
    """Return the words of `text`, each given its part of the time by its letters."""
    words = text.split()
    letters = [len(word) + 1 for word in words]
    total = sum(letters)
    ends = [from_ms + (to_ms - from_ms) * so_far // total for so_far in accumulate(letters)]
    begins = [from_ms, *ends][: len(words)]
    return tuple(Word(word, begin, end) for word, begin, end in zip(words, begins, ends, strict=True))
