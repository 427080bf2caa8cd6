"""The clinic's numbers worked out of summed counts: shares, percentiles, histograms. Pure: no page, no database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.measures import CONFIDENCE_BINS, GAP_BIN_MS, Carried, Followed, Measure, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GAP_BAR_MS = 100
"""Width of a bar in the picture of turn gaps."""
MOST_GAP_BARS = 30
"""Longer gaps share the last bar."""

PERCENTILES = (50, 95, 99)
"""Of the turn gaps."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page of numbers tells of some days."""

    counts: Counter[Tally]
    levels: Mapping[tuple[int, int], int]
    """(what the line decided, what readers hold right) -> reviewed calls."""

    @property
    def calls(self) -> int:
        """Calls that were looked through."""
        return sum(self.of(Measure.OUTCOME).values())

    def of(self, measure: Measure) -> dict[tuple[str, str], int]:
        """Return the counts of one measure by key and detail."""
        return {(tally.key, tally.detail): count for tally, count in self.counts.items() if tally.measure is measure}

    def by_key(self, measure: Measure) -> Counter[str]:
        """Return the counts of one measure by key alone, the most frequent first."""
        found: Counter[str] = Counter()
        for (key, _), count in self.of(measure).items():
            found[key] += count
        return Counter(dict(found.most_common()))

    def waterfall(self) -> list[tuple[str, dict[Followed, int]]]:
        """Return each question with what followed it, the question asked most often first.

        As every caller begins at the beginning, that is about the order of asking.
        """
        followed = self.of(Measure.QUESTION)
        return [
            (question, {what: followed.get((question, what), 0) for what in Followed})
            for question in self.by_key(Measure.QUESTION)
        ]

    def carried(self) -> dict[Carried, int]:
        """Return how many calls were brought to their end by whom."""
        found = self.by_key(Measure.CARRIED)
        return {who: found[who] for who in Carried}

    @property
    def contained(self) -> float | None:
        """Share of calls that the line brought to their end, 0..1; None without calls."""
        return share(self.carried()[Carried.BY_THE_LINE], self.calls)

    def gap_ms(self, part: float) -> int | None:
        """Return the turn gap that `part` (0..1) of all turns did not exceed, to 20 ms; None without any."""
        return percentile({int(low): count for low, count in self.by_key(Measure.TURN_GAP).items()}, part, GAP_BIN_MS)

    def gap_bars(self) -> list[tuple[str, int]]:
        """Return the turn gaps by their length, in bars of 100 ms from 0 on."""
        bars: Counter[int] = Counter()
        for low, count in self.by_key(Measure.TURN_GAP).items():
            bars[min(int(low) // GAP_BAR_MS, MOST_GAP_BARS - 1)] += count
        return [(f"{bar * GAP_BAR_MS}", bars[bar]) for bar in range(max(bars, default=-1) + 1)]

    def confidence_bars(self) -> list[tuple[str, int, int]]:
        """Return, for each twentieth of confidence, how many utterances were understood and how many were not."""
        heard = self.of(Measure.CONFIDENCE)
        lows = [str(bar * 100 // CONFIDENCE_BINS) for bar in range(CONFIDENCE_BINS)]
        return [(low, heard.get((low, "understood"), 0), heard.get((low, "not_understood"), 0)) for low in lows]

    @property
    def most_at_once(self) -> int:
        """The most calls that went on at one moment."""
        return max((int(number) for number in self.by_key(Measure.AT_ONCE)), default=0)

    def at_once_bars(self) -> list[tuple[str, int]]:
        """Return how often so many calls were going on when one began, from 1 on."""
        found = self.by_key(Measure.AT_ONCE)
        return [(str(number), found[str(number)]) for number in range(1, self.most_at_once + 1)]

    @property
    def reviewed(self) -> int:
        """Calls whose right level readers have settled."""
        return sum(self.levels.values())

    @property
    def too_low(self) -> int:
        """Reviewed calls that the line held less urgent than is right: under-triage."""
        return sum(count for (line, right), count in self.levels.items() if line < right)

    @property
    def too_high(self) -> int:
        """Reviewed calls that the line held more urgent than is right: over-triage."""
        return sum(count for (line, right), count in self.levels.items() if line > right)

    def rows(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield everything as rows of measure, key, detail and count, in a fixed order; percentiles count ms."""
        for tally in sorted(self.counts, key=lambda one: (one.measure, one.key, one.detail)):
            yield tally.measure.value, tally.key, tally.detail, self.counts[tally]
        for percent in PERCENTILES:
            if (gap_ms := self.gap_ms(percent / 100)) is not None:
                yield "turn_gap_ms", f"p{percent}", "", gap_ms
        for (line, right), count in sorted(self.levels.items()):
            yield "reviewed", str(line), str(right), count
        if self.reviewed:
            yield "triage", "too_low", "", self.too_low
            yield "triage", "too_high", "", self.too_high


def percentile(bins: Mapping[int, int], part: float, width: int) -> int | None:
    """Return the upper end of the bin up to which `part` (0..1) of everything lies; None when there is nothing.

    `bins` holds the lower ends. The true value lies within that bin, so what is returned is never too good.
    """
    wanted, seen = part * sum(bins.values()), 0
    for low in sorted(bins):
        seen += bins[low]
        if bins[low] and seen >= wanted:
            return low + width
    return None


def share(part: int, whole: int) -> float | None:
    """Return a share, 0..1; None of nothing."""
    return part / whole if whole else None
