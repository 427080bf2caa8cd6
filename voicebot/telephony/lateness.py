"""How late sound is dealt with: its own clock against the wall's. Numbers only; the stream's loop feeds it.

Sound comes in real time, so the frame that was dealt with soonest tells when the stream began, and every other one is
late by what it is behind that. What the network holds back, or the carrier's clock loses, counts like what this machine
holds back.
"""

from __future__ import annotations

from collections import Counter

LATE_MS = 40
"""A frame dealt with so much later than it could have been is late: two frames of a carrier."""


class Lateness:
    """The frames of one stream."""

    def __init__(self) -> None:
        self._behind_ms: Counter[int] = Counter()

    def took(self, sound_ms: float, now_ms: float) -> None:
        """A frame was dealt with at `now_ms` of any steady clock; it ends `sound_ms` after the stream's beginning."""
        self._behind_ms[round(now_ms - sound_ms)] += 1

    @property
    def frames(self) -> int:
        """Frames taken so far."""
        return self._behind_ms.total()

    @property
    def late(self) -> int:
        """How many of them were LATE_MS late or more."""
        soonest = min(self._behind_ms, default=0)
        return sum(count for behind, count in self._behind_ms.items() if behind - soonest >= LATE_MS)

    @property
    def worst_ms(self) -> int:
        """How late the latest of them was."""
        return max(self._behind_ms, default=0) - min(self._behind_ms, default=0)
