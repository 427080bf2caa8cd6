"""When somebody answers: desks, their hours in the week, holidays. Pure: the time is an argument.

A desk without hours is never closed: its number is always tried. Nothing here has a say in what a caller is advised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Target
from voicebot.routing.holidays import Holiday, falls_on
from voicebot.routing.spans import ALL_DAY, Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

A_CALL = timedelta(minutes=15)
"""No call with questions takes longer; whoever opens or closes meanwhile counts as open."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a clinic. Read from a file by `parse_hours`."""

    zone: ZoneInfo
    desks: Mapping[Target, Mapping[int, tuple[Span, ...]]]
    """Desk -> weekday (0 is Monday) -> when it is open; a weekday that is not there is a day off."""
    holidays: tuple[Holiday, ...] = ()

    def closed_during(self, start: datetime, length: timedelta = A_CALL) -> frozenset[Target]:
        """Return the desks that stay closed from `start` (with its zone) for `length`."""
        return frozenset(target for target in self.desks if not self._open_during(target, start, start + length))

    def spans(self, target: Target, day: date) -> tuple[Span, ...]:
        """Return when a desk that has hours is open on `day`.

        On a holiday those on call after hours are on call all day: that is when the others are closed.
        """
        usual = self.desks[target].get(day.weekday(), ())
        holiday = next((holiday for holiday in self.holidays if falls_on(holiday.when, day)), None)
        if holiday is None:
            return usual
        if target is Target.AFTER_HOURS:
            return (ALL_DAY,)
        return holiday.open if usual else ()

    def _open_during(self, target: Target, start: datetime, end: datetime) -> bool:
        today = start.astimezone(self.zone).date()
        days = (today - timedelta(days=1), today, today + timedelta(days=1))  # a span may reach over midnight
        return any(
            self._at(day, span.opens) < end and self._at(day, span.closes) > start
            for day in days
            for span in self.spans(target, day)
        )

    def _at(self, day: date, minutes: int) -> datetime:
        """Return the moment at which the clinic's clock shows so many minutes after midnight of `day`, in UTC."""
        days, minutes = divmod(minutes, ALL_DAY.closes)
        shown = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=self.zone)
        return (shown + timedelta(days=days)).astimezone(UTC)
