"""How far two readings of the same calls agree: their share, and Cohen's kappa, which takes off what chance would give.

Pure. J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENOUGH = 30
"""Of fewer calls nothing is told but their number: a share of so few says next to nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two readings of some calls have in common."""

    calls: int
    """Read both times."""
    same: int
    """Of these, given the same level."""
    kappa: float | None
    """-1..1; 0 is no more than chance would give. None when chance alone gives full agreement, or of no calls."""

    @property
    def enough(self) -> bool:
        """Whether there are enough calls to tell a share."""
        return self.calls >= ENOUGH


def agreement(levels: Mapping[tuple[int, int], int]) -> Agreement:
    """Return the agreement of pairs (level of one reading, level of the other) that were found so many times."""
    calls = sum(levels.values())
    same = sum(count for (one, other), count in levels.items() if one == other)
    firsts: Counter[int] = Counter()
    seconds: Counter[int] = Counter()
    for (one, other), count in levels.items():
        firsts[one] += count
        seconds[other] += count
    by_chance = sum(firsts[level] * seconds[level] for level in firsts)
    beyond_chance = calls * calls - by_chance
    return Agreement(calls, same, (calls * same - by_chance) / beyond_chance if beyond_chance else None)
