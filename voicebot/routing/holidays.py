"""Days on which the usual hours do not hold: a date, a day of every year, or the n-th weekday of a month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicebot.routing.spans import Span

WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
"""The days of the week as they are written; the place of a name is its number, Monday is 0."""
_MONTHS = tuple(name.lower() for name in calendar.month_name)
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_YEARLY = re.compile(rf"({'|'.join(_MONTHS[1:])}) (\d{{1,2}})")
_FLOATING = re.compile(rf"({'|'.join(_NTH)}) ({'|'.join(WEEKDAYS)}) of ({'|'.join(_MONTHS[1:])})")
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """The same day of every year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FloatingDay:
    """The n-th weekday of a month of every year; -1 is the last."""

    nth: int
    weekday: int
    month: int


When = date | YearlyDay | FloatingDay


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day with hours of its own."""

    name: str
    when: When
    open: tuple[Span, ...] = ()
    """When desks that are open on that weekday are open all the same; usually never."""


def falls_on(when: When, day: date) -> bool:
    """Return whether `day` is the day."""
    match when:
        case date():
            return day == when
        case YearlyDay(month, day_of_month):
            return (day.month, day.day) == (month, day_of_month)
        case FloatingDay(nth, weekday, month):
            if (day.month, day.weekday()) != (month, weekday):
                return False
            is_last = (day + timedelta(days=7)).month != month
            return is_last if nth < 0 else (day.day - 1) // 7 == nth - 1


def parse_day(written: object) -> When:
    """Return the day that is written as 2026-12-25, `december 25` or `last monday of may`; raises ValueError."""
    if isinstance(written, date):
        return written
    text = " ".join(str(written).lower().split())
    if found := _YEARLY.fullmatch(text):
        month, day = _MONTHS.index(found[1]), int(found[2])
        date(_LEAP_YEAR, month, day)  # so that there is such a day
        return YearlyDay(month, day)
    if found := _FLOATING.fullmatch(text):
        return FloatingDay(_NTH[found[1]], WEEKDAYS.index(found[2]), _MONTHS.index(found[3]))
    return date.fromisoformat(text)
