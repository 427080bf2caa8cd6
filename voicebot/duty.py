"""Whether this process takes calls, how many at once, and how it stops taking them. In memory alone, on purpose.

A full house must be told within a second, also while the database is locked; so nothing here asks it. No socket, no
call, no decision about one. Of several processes each has seats of its own.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEAT_S = 120
"""A call of which nothing was heard for so long has left its seat: the longest words, an answer and ringing together
take less between two webhooks, and the carrier may never tell that a call is over."""
HAND_OVER_S = 5
"""So long a process that leaves goes on answering the webhooks of the calls it had."""
LOOK_EVERY_S = 0.2


class Standing(StrEnum):
    """What this process does with calls."""

    READY = "ready"
    DRAINING = "draining"
    """It was told to stop: calls go on, new ones are not taken."""
    LEAVING = "leaving"
    """Its time is up: every call is handed over, in a way that needs no further answer from here."""


@dataclass
class _Seat:
    """One call."""

    seen_at: float
    streams: int = 0


@dataclass
class Duty:
    """The seats of one process, by the carrier's call id, and its standing. Safe to use from several threads."""

    clock: Callable[[], float] = time.monotonic
    """Seconds."""
    _standing: Standing = Standing.READY
    _seats: dict[str, _Seat] = field(default_factory=dict)
    _lock: threading.Condition = field(default_factory=threading.Condition)

    @property
    def standing(self) -> Standing:
        """What this process does with calls now."""
        return self._standing

    @property
    def leaving(self) -> bool:
        """Whether calls must be handed over now."""
        return self._standing is Standing.LEAVING

    def take_seat(self, call_sid: str, *, of: int) -> bool:
        """Take one of so many seats for a new call; False when there is none. A call that has one keeps it."""
        with self._lock:
            self._clear()
            if call_sid not in self._seats and (len(self._seats) >= of or self._standing is not Standing.READY):
                return False
            self._sit(call_sid)
            return True

    def seen(self, call_sid: str) -> None:
        """Note that a call goes on here. One that began elsewhere needs no free seat: it is not turned away."""
        with self._lock:
            self._sit(call_sid)

    def free_seat(self, call_sid: str) -> None:
        """Give a seat back: the call is over, or needs no more from here."""
        with self._lock:
            self._seats.pop(call_sid, None)

    @contextmanager
    def streaming(self, call_sid: str) -> Iterator[None]:
        """Hold a seat as long as the call's media stream is open, however long nothing else is heard of it."""
        with self._lock:
            self._sit(call_sid).streams += 1
        try:
            yield
        finally:
            with self._lock:
                if seat := self._seats.get(call_sid):
                    seat.streams -= 1
                    seat.seen_at = self.clock()
                self._lock.notify_all()

    def await_stream(self, call_sid: str, most_s: float) -> bool:
        """Wait until the call has no media stream here any more, `most_s` seconds at most; return whether it has none.

        What the stream has to note is then in the record, before what comes after it.
        """
        with self._lock:
            return self._lock.wait_for(lambda: not ((seat := self._seats.get(call_sid)) and seat.streams), most_s)

    def calls(self) -> int:
        """Count the calls that have a seat."""
        with self._lock:
            self._clear()
            return len(self._seats)

    def drain(self) -> None:
        """Take no new calls from now on."""
        self._standing = Standing.DRAINING

    def leave(self) -> None:
        """Hand every call over from now on."""
        self._standing = Standing.LEAVING

    def _sit(self, call_sid: str) -> _Seat:
        seat = self._seats.setdefault(call_sid, _Seat(self.clock()))
        seat.seen_at = self.clock()
        return seat

    def _clear(self) -> None:
        since = self.clock() - SEAT_S
        self._seats = {sid: seat for sid, seat in self._seats.items() if seat.streams or seat.seen_at >= since}


def leave_in_order(duty: Duty, drain_s: float, pause: Callable[[float], object] = time.sleep) -> None:
    """Take no new calls, let those that go on end for `drain_s` seconds, then have the rest handed over.

    Returns as soon as no call is left, at the latest HAND_OVER_S after that time. `pause` waits so many seconds.
    """
    duty.drain()
    _wait(duty, drain_s, pause)
    if duty.calls():
        duty.leave()
        _wait(duty, HAND_OVER_S, pause)


def _wait(duty: Duty, length_s: float, pause: Callable[[float], object]) -> None:
    until = duty.clock() + length_s
    while duty.calls() and duty.clock() < until:
        pause(LOOK_EVERY_S)
