"""Counts over rows of results, with what they allow to say. Pure: rows in, numbers out; no text, no sound."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hearing_parts.clips import ANSWERS
from benchmarks.hearing_parts.rows import SYNTHETIC
from voicebot.dialog.answers import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.hearing_parts.rows import Row, StretchRow
    from voicebot.dialog.meaning import Meaning

Z95 = 1.96
WORST = 0.1
"""The share of speakers who are heard worst."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def part(self) -> float:
        """The share, 0..1; NaN of none."""
        return self.count / self.of if self.of else math.nan

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's 95% interval, 0..1; all of it where there was nothing to count."""
        if not self.of:
            return (0.0, 1.0)
        z2, p, n = Z95 * Z95, self.part, self.of
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        spread = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        low = 0.0 if self.count == 0 else middle - spread
        return (low, 1.0 if self.count == n else middle + spread)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of yes and no, and of words that are no answer."""

    accepted: Share
    """Yes or no, accepted as what it is."""
    confirmed: Share
    """Yes or no, to be confirmed as what it is."""
    swapped: Share
    """Yes taken for no, or no for yes."""
    swapped_confirm: Share
    taken: Share
    """Other words, accepted as any answer."""
    taken_confirm: Share

    @property
    def right(self) -> Share:
        """Yes or no, accepted or to be confirmed as what it is."""
        return Share(self.accepted.count + self.confirmed.count, self.accepted.of)

    @property
    def to_confirm(self) -> Share:
        """Yes or no, to be confirmed, be it as what it is or as something else."""
        return Share(self.confirmed.count + self.swapped_confirm.count, self.accepted.of)


def is_answer(row: Row) -> bool:
    """Tell whether somebody really said yes or no."""
    return row.truth in ANSWERS and row.corpus != SYNTHETIC


def is_other(row: Row) -> bool:
    """Tell whether somebody really said something that is no answer."""
    return row.truth is None and row.corpus != SYNTHETIC


def is_right(row: Row) -> bool:
    """Tell whether what was said was accepted, or is to be confirmed."""
    return row.meaning is row.truth and row.action is not Action.ASK_AGAIN


def tally(rows: Iterable[Row]) -> Tally:
    """Return the counts over some rows."""
    answers, others = Counter[tuple[str, Action]](), Counter[Action]()
    for row in rows:
        if is_answer(row):
            kind = "right" if row.meaning is row.truth else "swapped" if row.meaning in ANSWERS else "other"
            answers[kind, row.action] += 1
        elif is_other(row):
            others[row.action] += 1
    said, spoken = answers.total(), others.total()
    return Tally(
        accepted=Share(answers["right", Action.ACCEPT], said),
        confirmed=Share(answers["right", Action.CONFIRM], said),
        swapped=Share(answers["swapped", Action.ACCEPT], said),
        swapped_confirm=Share(answers["swapped", Action.CONFIRM], said),
        taken=Share(others[Action.ACCEPT], spoken),
        taken_confirm=Share(others[Action.CONFIRM], spoken),
    )


def by(rows: Iterable[Row], name: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Return rows in groups, in the order of their first row."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[name(row)].append(row)
    return dict(groups)


def speakers(rows: Iterable[Row]) -> list[tuple[str, float]]:
    """Return each speaker with the share (0..1) of their yes and no heard right, worst first."""
    spoken = by(filter(is_answer, rows), lambda row: f"{row.corpus}/{row.speaker}")
    return sorted(((who, tally(said).right.part) for who, said in spoken.items()), key=lambda told: (told[1], told[0]))


def worst_tenth(rows: Iterable[Row]) -> tuple[int, float]:
    """Return how many the worst tenth of the speakers are, at least one, and the mean of their shares; NaN of none."""
    shares = [share for _, share in speakers(rows)]
    count = max(1, math.ceil(WORST * len(shares)))
    return (count, float(np.mean(shares[:count]))) if shares else (0, math.nan)


def latencies(rows: Iterable[Row], *, sure: bool = False) -> list[float]:
    """Return the ms of audio from the end of each yes or no to its decision, where there was one.

    `sure` leaves out recordings that are loud to their end.
    """
    decided = (row for row in rows if is_answer(row) and row.action is not Action.ASK_AGAIN)
    return [row.late_ms for row in decided if row.late_ms is not None and (row.falls or not sure)]


def confusions(rows: Iterable[Row]) -> list[tuple[str, Meaning, Action, int]]:
    """Return what was said, what it was taken for and how, how often; commonest first, right answers left out."""
    wrong = Counter(
        (row.said, row.meaning, row.action)
        for row in rows
        if row.corpus != SYNTHETIC and row.meaning not in {None, row.truth} and row.action is not Action.ASK_AGAIN
    )
    return [(said, meaning, action, count) for (said, meaning, action), count in wrong.most_common() if meaning]


def cpu_per_second(rows: Sequence[Row]) -> float:
    """Return CPU seconds per second of audio; NaN of none."""
    audio = sum(row.audio_s for row in rows)
    return sum(row.cpu_s for row in rows) / audio if audio else math.nan


def per_minute(rows: Sequence[StretchRow], action: Action) -> tuple[int, float]:
    """Return how many answers were accepted (or to be confirmed) in stretches, and over how many minutes."""
    count = sum(answer.action is action for row in rows for answer in row.answers)
    return count, sum(row.seconds for row in rows) / 60
