"""The time of a call: milliseconds since it began. Who waits for it, and for what, is decided elsewhere."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What the time of a call is read from. A test may bring one that stands still until it is told to go on."""

    @property
    def speed(self) -> float:
        """How many ms of the call go by in one ms of real time."""

    def now_ms(self) -> float:
        """Return the time of the call (ms)."""

    def seconds_until(self, at_ms: float) -> float:
        """Return how long to wait, in seconds of real time, before looking again whether `at_ms` has come; 0 if so."""


class RunningClock:
    """Real time; with a `speed` of 2 it goes by twice as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._began = time.monotonic()

    def now_ms(self) -> float:
        """Return the time since this clock was made (ms)."""
        return (time.monotonic() - self._began) * 1000 * self.speed

    def seconds_until(self, at_ms: float) -> float:
        """Return how long it is until a time of the call, in seconds of real time; 0 if it went by."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.speed)


class JumpingClock:
    """No time is waited for, and requests take none: a long call is over at once, and always in the same way.

    For calls without media streams, whose server would have no time to answer.
    """

    speed = 1.0

    def __init__(self) -> None:
        self._now_ms = 0.0

    def now_ms(self) -> float:
        """Return the latest time that was waited for (ms)."""
        return self._now_ms

    def seconds_until(self, at_ms: float) -> float:
        """Let that time have come."""
        self._now_ms = max(self._now_ms, at_ms)
        return 0.0
