"""Numbers of a load test, and how they are told. Arithmetic and text only."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voicebot.dialog.effects import Listen
from voicebot.dialog.events import Connected, Event, Heard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.load_parts.stream import Gap
    from voicebot.calls.entries import Entry, Message

LATE_MS = 40
"""A frame later than this is late."""
APART_MS = 400
"""The call's clock counts sound received, the wire's sound sent: a prompt and what it answers are found by both."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How some numbers are spread."""

    count: int
    p50: float
    p95: float
    p999: float
    worst: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Spread:
        """Return the spread of `numbers`; all zero when there are none."""
        values = np.asarray(list(numbers), np.float64)
        if not values.size:
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        p50, p95, p999 = np.percentile(values, [50, 95, 99.9])
        return cls(len(values), float(p50), float(p95), float(p999), float(values.max()))

    def __str__(self) -> str:
        """Return one line; the numbers are ms."""
        return f"p50 {self.p50:.0f} ms, p95 {self.p95:.0f} ms, worst {self.worst:.0f} ms, of {self.count}"


def share_on_time(late_ms: Sequence[float]) -> float:
    """Return the share 0..1 of frames less than LATE_MS late; 1 when there are none."""
    return sum(late < LATE_MS for late in late_ms) / len(late_ms) if late_ms else 1.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Turn gaps of one call, ms, by the kind of question they were answers to."""

    ordinary: tuple[float, ...]
    red_flag: tuple[float, ...]
    other: int
    """Prompts after speech that the record has no understood answer for: asked again after silence, cut short."""


def sort_turns(entries: Sequence[Entry], gaps: Sequence[Gap]) -> Turns:
    """Return the gaps of a call's stream, sorted by what its record says was asked."""
    answers = _answers([entry.message for entry in entries])
    ordinary, red_flag, other = [], [], 0
    for gap in gaps:
        kind = _nearest(answers, gap.position_ms)
        if kind is None:
            other += 1
        else:
            (red_flag if kind else ordinary).append(gap.ms)
    return Turns(tuple(ordinary), tuple(red_flag), other)


def _answers(messages: Sequence[Message]) -> list[tuple[int, bool]]:
    """Return the answers that were taken: when, in ms since the stream began, and whether to a red flag."""
    opened_ms = next((message.at_ms for message in messages if isinstance(message, Connected)), 0)
    found, red_flag = [], False
    for message, following in pairwise(messages):
        if isinstance(message, Listen):
            red_flag = message.red_flag
        elif isinstance(message, Heard) and not isinstance(following, Event):
            found.append((message.at_ms - opened_ms, red_flag))
    return found


def _nearest(answers: Sequence[tuple[int, bool]], position_ms: int) -> bool | None:
    place = bisect_left(answers, (position_ms, False))
    near = [answer for answer in answers[max(0, place - 1) : place + 1] if abs(answer[0] - position_ms) < APART_MS]
    return min(near, key=lambda answer: abs(answer[0] - position_ms))[1] if near else None
