"""Tells a media stream that still sends from one that is as good as dead. Pure: the time is told, nothing is read."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_S = 5.0
"""A living stream sends 50 frames a second, speech or not."""
ENOUGH_MS = 1000
"""In each window at least so much sound comes, else nobody could be heard: no silence would ever end."""


@dataclass
class Watchdog:
    """Watches one stream in windows of its own."""

    opened_s: float
    """When, on any clock that only goes forward (s)."""
    _heard_ms: float = 0.0

    def hears(self, sound_ms: float) -> None:
        """Take note of sound."""
        self._heard_ms += sound_ms

    def left_s(self, now_s: float) -> float:
        """Return how long the window still lasts (s); 0 when it is over."""
        return max(0.0, self.opened_s + WINDOW_S - now_s)

    def gives_up(self, now_s: float) -> bool:
        """Return whether a window went by without enough sound; one that had enough is followed by the next."""
        if self.left_s(now_s):
            return False
        alive = self._heard_ms >= ENOUGH_MS
        self.opened_s, self._heard_ms = now_s, 0.0
        return not alive
