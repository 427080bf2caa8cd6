"""Whether confidence means what it says: how often answers of some confidence are right. Pure: rows in, numbers out."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hearing_parts.scores import is_answer, is_other

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.hearing_parts.rows import Row

BINS = 10
"""Of equal width, in the reliability diagram."""
ON_A_CALL = 9.0
"""Answers for one utterance that is none: the mixture in which confidence is meant (EXPECTED of acoustic.calibrate)."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence."""

    confidence: float
    """Their mean, 0..1."""
    part: float
    """The share of them that is right, each counted with its weight."""
    weight: float
    """How many they are in the mixture that is asked for."""
    count: int


def reliability(rows: Iterable[Row], *, as_they_come: bool = False) -> list[Bin]:
    """Return the bins of all rows in which an answer was heard, accepted or not; an answer to other words is wrong.

    Other speech counts as often as confidence expects it, once for ON_A_CALL answers, or `as_they_come`: as often as it
    is among the rows.
    """
    all_rows = [row for row in rows if is_answer(row) or is_other(row)]
    answers = sum(map(is_answer, all_rows))
    others = len(all_rows) - answers
    rare = answers / (ON_A_CALL * others) if answers and others and not as_they_come else 1.0
    bins: dict[int, list[Row]] = defaultdict(list)
    for row in all_rows:
        if row.meaning is not None:
            bins[min(BINS - 1, int(row.confidence * BINS))].append(row)
    return [_bin(some, rare) for _, some in sorted(bins.items())]


def _bin(rows: Sequence[Row], rare: float) -> Bin:
    weights = [rare if is_other(row) else 1.0 for row in rows]
    right = [float(row.meaning is row.truth) for row in rows]
    confidence = np.average([row.confidence for row in rows], weights=weights)
    return Bin(float(confidence), float(np.average(right, weights=weights)), sum(weights), len(rows))


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far confidence is from the share right, by bins, weighted."""
    total = sum(told.weight for told in bins)
    return sum(told.weight * abs(told.confidence - told.part) for told in bins) / total if total else math.nan
