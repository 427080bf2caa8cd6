"""A few threads serve every open stream; no thread waits for one stream alone. What serving means is not known here.

With a thread for each stream a hundred calls wake five thousand threads a second, and these fight for Python's lock: at
fifty calls that was most of what a call cost. Here streams share desks. At each desk one thread, its keeper, serves
whoever has sent something, one after the other. A keeper whom one stream holds up (a commit, a long word to decode) is
relieved: another thread goes on with the rest, and the stream comes back to its desk when it was served.
"""

from __future__ import annotations

import os
import selectors
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

DESKS = 2 * (os.cpu_count() or 1)
LONG_S = 0.006
"""A keeper who serves one stream for so long is relieved."""
LOOK_S = 0.004
"""So often it is looked whether one must be."""
ROUND_S = 1.0
"""So often a stream is served although it sent nothing: it may be dead."""
PAUSE_S = 0.003
"""A keeper waits so long between two looks at the desk: frames that came meanwhile cost one look together."""


class Served(Protocol):
    """A stream that is open."""

    def fileno(self) -> int:
        """Return the descriptor of its socket."""

    def serve(self) -> bool:
        """See to what it has sent, without waiting for more; return whether it goes on."""


class Crew:
    """The desks of one process. Its threads live as long as there are streams."""

    def __init__(self, desks: int = DESKS) -> None:
        self._lock = threading.Lock()
        self._desks = [_Desk() for _ in range(desks)]
        self._supervised = False

    def carry(self, stream: Served) -> None:
        """Serve `stream` until it is over, in other threads than this one. Raises what `serve` raised."""
        with self._lock:
            min(self._desks, key=lambda desk: desk.streams).take(stream, over := Future[None]())
            if not self._supervised:
                self._supervised = True
                _start(self._supervise)
        over.result()

    def _supervise(self) -> None:
        while True:
            time.sleep(LOOK_S)
            for desk in self._desks:
                desk.relieve(time.monotonic() - LONG_S)
            with self._lock:
                if not any(desk.streams for desk in self._desks):
                    self._supervised = False
                    return


class _Desk:
    """Streams of which one at a time is served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._over: dict[Served, Future[None]] = {}
        self._keeper: object | None = None
        self._serving: Served | None = None
        self._since = 0.0
        self._next_round = 0.0

    @property
    def streams(self) -> int:
        """How many streams there are here."""
        return len(self._over)

    def take(self, stream: Served, over: Future[None]) -> None:
        """Take a stream to be served; `over` is told when it is over."""
        with self._lock:
            self._selector.register(stream, selectors.EVENT_READ, stream)
            self._over[stream] = over
            if self._keeper is None:
                self._appoint()

    def relieve(self, since: float) -> None:
        """Put another keeper to the desk if this one has been serving the same stream since then."""
        with self._lock:
            if self._serving is not None and self._since < since:
                self._selector.unregister(self._serving)
                self._serving = None
                self._appoint()

    def _appoint(self) -> None:
        self._keeper = keeper = object()
        _start(lambda: self._keep(keeper))

    def _keep(self, keeper: object) -> None:
        while self._is_needed():
            time.sleep(PAUSE_S)
            for stream in self._waiting():
                if not self._serve(stream, keeper):
                    return

    def _is_needed(self) -> bool:
        with self._lock:
            if not self._over:
                self._keeper = None
            return bool(self._over)

    def _waiting(self) -> list[Served]:
        """Return the streams to be served now: those that sent something, and once in a while all that are here."""
        wait_s = self._next_round - time.monotonic()
        if wait_s > 0:
            return [key.data for key, _ in self._selector.select(wait_s)]
        self._next_round = time.monotonic() + ROUND_S
        with self._lock:
            return [key.data for key in self._selector.get_map().values()]

    def _serve(self, stream: Served, keeper: object) -> bool:
        """Serve one stream; return whether this thread still keeps the desk."""
        with self._lock:
            self._serving, self._since = stream, time.monotonic()
        fault = None
        try:
            goes_on = stream.serve()
        except Exception as error:  # noqa: BLE001 - it is for the one who waits for the stream
            goes_on, fault = False, error
        with self._lock:
            keeps = self._keeper is keeper
            if keeps:
                self._serving = None
            if keeps and not goes_on:
                self._selector.unregister(stream)
            if goes_on and not keeps:
                self._selector.register(stream, selectors.EVENT_READ, stream)
            over = None if goes_on else self._over.pop(stream)
        if fault and over:
            over.set_exception(fault)
        elif over:
            over.set_result(None)
        return keeps


def _start(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="desk", daemon=True).start()
