"""The server's worker, as gunicorn runs it: told to stop, it sees to the calls it has before it stops answering.

Gunicorn's own would stop taking connections at once, and with them the webhooks that running calls live by.
"""

from __future__ import annotations

import gc
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import ThreadWorker

from voicebot.duty import HAND_OVER_S, Standing, leave_in_order

if TYPE_CHECKING:
    from voicebot.duty import Duty

_TO_SPARE_S = 5
"""For requests that are being answered when the worker at last stops."""
GARBAGE = (10_000, 20, 50)
"""How many new objects, and rounds of looking at the young ones, make Python look for garbage in cycles: seldom, as
what a call leaves behind hardly has any."""
_SWITCH_S = 0.0005
"""So long a thread keeps Python's lock when others wait for it. A commit gives it up at every statement and must wait
for it again; with Python's own 5 ms and many calls, 3 ms of work took 220."""


def settle() -> None:
    """Set this process's interpreter up for many calls.

    What is loaded by now is never garbage, and to look through it again delays every call.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    sys.setswitchinterval(_SWITCH_S)


def draining_worker(duty: Duty, drain_s: int) -> type[ThreadWorker]:
    """Return a class of workers that, told to stop, give the calls of `duty` so many seconds, then hand them over."""

    class DrainingWorker(ThreadWorker):
        """A thread for each request and each stream."""

        def init_process(self) -> None:
            """Begin to work."""
            settle()
            super().init_process()

        def handle_exit(self, sig: int, frame: Any) -> None:
            """Begin to leave; the same signal again changes nothing."""
            if duty.standing is Standing.READY:
                duty.drain()
                Thread(target=self._leave, args=(sig, frame), daemon=True).start()

        def _leave(self, sig: int, frame: Any) -> None:
            leave_in_order(duty, drain_s)
            super().handle_exit(sig, frame)

    return DrainingWorker


def patience_s(drain_s: int) -> int:
    """Return how long a worker that was told to stop may take at most, in seconds, before it is killed."""
    return drain_s + HAND_OVER_S + _TO_SPARE_S
