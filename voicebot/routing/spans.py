"""Stretches of a day, written as 08:00-12:00, 13:00-17:00. Knows no date and no zone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MINUTES_A_DAY = 24 * 60
_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)"
_SPAN = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}")


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` until just before `closes`, both in minutes after midnight; beyond 1440 is the next day."""

    opens: int
    closes: int


ALL_DAY = Span(0, _MINUTES_A_DAY)


def parse_spans(written: object) -> tuple[Span, ...]:
    """Return the spans of a day; one that ends before it begins goes on into the next day. Raises ValueError."""
    return tuple(_span(part.strip()) for part in str(written).split(","))


def _span(written: str) -> Span:
    found = _SPAN.fullmatch(written)
    if not found:
        raise ValueError(f"{written!r} is no time such as 08:00-17:00")
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if max(opens, closes) > _MINUTES_A_DAY or opens == closes:
        raise ValueError(f"{written!r} is no stretch of a day; the whole day is 00:00-24:00")
    return Span(opens, closes if closes > opens else closes + _MINUTES_A_DAY)
