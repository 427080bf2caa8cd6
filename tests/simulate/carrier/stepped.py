"""A call that goes on only as far as a test lets it: its clock stands still in between, and nothing happens."""

from __future__ import annotations

from threading import Condition, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.simulate.carrier import Action, CallLog, Said

PATIENCE_S = 60
"""Real time in which a call must come to a stand, or be over."""
STEP_MS = 20


class SteppedClock:
    """A clock for a carrier. Requests take no time, unless their server says so."""

    speed = 1.0

    def __init__(self) -> None:
        self._changed = Condition()
        self._now_ms = 0.0
        self._waited_for = -1.0
        self.over = False

    def now_ms(self) -> float:
        return self._now_ms

    def seconds_until(self, at_ms: float) -> float:
        """Hold the call until a test lets that time come."""
        with self._changed:
            self._waited_for = at_ms
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._now_ms >= at_ms, PATIENCE_S)
        return 0.0

    def advance(self, length_ms: float) -> None:
        """Let so much time go by, unless the call is over before; return when the call stands still again."""
        until = self._now_ms + length_ms
        while self._now_ms < until and not self.over:
            self.let_pass(STEP_MS)
            self.stand()

    def let_pass(self, length_ms: float) -> None:
        """Let time go by while the call is busy with something else."""
        with self._changed:
            self._now_ms += length_ms
            self._changed.notify_all()

    def stand(self) -> None:
        """Wait until the call waits for time to go by, or is over."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.over or self._waited_for > self._now_ms, PATIENCE_S)

    def end(self) -> None:
        with self._changed:
            self.over = True
            self._changed.notify_all()


class Puppet:
    """A person who does what a test tells them to, when they get to it."""

    def __init__(self) -> None:
        self._todo: list[Action] = []
        self.heard: list[str] = []

    def does(self, action: Action) -> None:
        self._todo.append(action)

    def on_said(self, said: Said, /) -> None:
        self.heard.append(said.name)

    def next_actions(self, now_ms: float, /) -> list[Action]:
        todo, self._todo = self._todo, []
        return todo


class SteppedCall:
    """A call in a thread of its own."""

    def __init__(self, clock: SteppedClock, place: Callable[[], CallLog]) -> None:
        self.clock = clock
        self.log: CallLog | None = None
        self._place = place
        self._thread = Thread(target=self._run)
        self._thread.start()
        clock.stand()

    def finish(self) -> CallLog:
        """Return the log, once the call is over."""
        self._thread.join(PATIENCE_S)
        assert self.log is not None
        return self.log

    def _run(self) -> None:
        try:
            self.log = self._place()
        finally:
            self.clock.end()
