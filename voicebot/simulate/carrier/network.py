"""How frames travel between the caller's phone and the server's socket: as evenly as a real network, or worse.

Pure: which frame leaves how late, which never come. That the first timestamp of a stream is not 0, and that timestamps
waver, was seen on live streams; how late frames arrive was not measured there: the default is a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import FRAME_MS

if TYPE_CHECKING:
    import random


@dataclass(frozen=True, slots=True)
class Network:
    """The network of one carrier. Raises ValueError for a jitter that would let frames overtake one another."""

    jitter_ms: float = 5.0
    """Each frame leaves up to so much late; less than 20."""
    stall_every_s: float | None = None
    """So often frames are held back; None for never."""
    stall_ms: int = 200
    """For so long; then they all come at once, none is lost."""
    outage_every_s: float | None = None
    """So often nothing comes from the caller's phone; None for never."""
    outage_ms: int = 200
    """For so long: there are no frames for it, chunks go on counting without a gap, timestamps jump."""

    def __post_init__(self) -> None:
        """Check the jitter."""
        if not 0 <= self.jitter_ms < FRAME_MS:
            raise ValueError(f"jitter_ms must be at least 0 and less than {FRAME_MS}")

    def late_ms(self, chance: random.Random) -> float:
        """Return how late the next frame leaves."""
        return chance.uniform(0, self.jitter_ms)

    def stalls(self, at_ms: float) -> bool:
        """Return whether frames are held back at this time of a stream (ms)."""
        return _within(at_ms, self.stall_every_s, self.stall_ms)

    def is_out(self, at_ms: float) -> bool:
        """Return whether nothing comes from the phone at this time of a stream (ms)."""
        return _within(at_ms, self.outage_every_s, self.outage_ms)


def _within(at_ms: float, every_s: float | None, length_ms: int) -> bool:
    """Return whether a time lies in one of the stretches that end each `every_s`."""
    return every_s is not None and at_ms % (every_s * 1000) >= every_s * 1000 - length_ms
