"""The clinic's numbers day by day: what is drawn as lines, shown as a table and taken out as rows. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from voicebot.calls.measures import Carried, Measure
from voicebot.web.console.figures import PERCENTILES, Figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.calls.measures import Tally

MEASURES = (Measure.OUTCOME, Measure.CARRIED, Measure.TURN_GAP)
"""What a day's figures are worked out of."""
ENOUGH = 2
"""Days with calls from which on there is a line to draw."""

Day = tuple[date, Figures]


def in_a_row(found: Mapping[date, Counter[Tally]], until: date) -> list[Day]:
    """Return each day from the first with calls up to `until`, those without calls between them included."""
    first = min(found, default=until + timedelta(days=1))
    days = ((first + timedelta(days=number)) for number in range((until - first).days + 1))
    return [(day, Figures(found.get(day, Counter()), {})) for day in days]


def enough(days: Sequence[Day]) -> bool:
    """Return whether there is a line to draw."""
    return sum(figures.calls > 0 for _, figures in days) >= ENOUGH


def rows(days: Sequence[Day]) -> Iterator[tuple[str, str, str, int]]:
    """Yield the days as rows of measure, key, detail and count; percentiles count ms, left out where none is."""
    for day, figures in days:
        yield "day", day.isoformat(), "calls", figures.calls
        yield "day", day.isoformat(), Carried.BY_THE_LINE.value, figures.carried()[Carried.BY_THE_LINE]
        for percent in PERCENTILES:
            if (gap_ms := figures.gap_ms(percent / 100)) is not None:
                yield "day", day.isoformat(), f"turn_gap_ms_p{percent}", gap_ms
