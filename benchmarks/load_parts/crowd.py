"""Many calls at once in one thread: a loop over sockets and frames that are due. What a call says is not known here.

Webhooks block, so threads of a pool send them; sound never waits for one.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from benchmarks.load_parts.wire import WireBroken
from voicebot.simulate.carrier.codes import CarrierError

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.load_parts.stream import Stream
    from benchmarks.load_parts.wire import Wire

_LONGEST_WAIT_S = 0.02
ASKING = 16
"""Webhooks at a time, as long as nothing else is said."""


@dataclass(slots=True)
class Leg:
    """A call whose stream is open."""

    call_sid: str
    wire: Wire
    stream: Stream
    parameters: dict[str, str]


@dataclass(slots=True)
class Ended:
    """A call that is over."""

    call_sid: str
    stream: Stream
    how: str
    """`closed` by the server as it should, `hung up`, `cut` at the end of the measurement, or what broke."""


class Exchange(Protocol):
    """Begins and ends calls; every method may block and is called from several threads."""

    def begin(self, number: int) -> Leg:
        """Place call `number`; return it with its stream open. Raises WireBroken or CarrierError."""

    def end(self, call_sid: str, how: str) -> None:
        """The stream is over."""


@dataclass(slots=True)
class Crowd:
    """Calls being carried, and those that are over."""

    exchange: Exchange
    ended: list[Ended] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why calls never got a stream."""
    most: int = 0
    """Calls carried at the same time."""

    def run(
        self,
        callers: int,
        *,
        every_s: float,
        until_s: float,
        heed: Callable[[], None] = lambda: None,
        again: bool = True,
        asking: int = ASKING,
    ) -> None:
        """Let a caller begin every `every_s` until there are `callers`; each calls again when done, for `until_s`.

        Unless they do so `again`, the end is when all are done. `heed` is called about once a second, for what is to be
        sampled meanwhile. So many webhooks may be `asking` at a time; those that come next wait for one of them.
        """
        numbers = itertools.count()
        began_s = time.monotonic()
        with ThreadPoolExecutor(asking) as pool, selectors.DefaultSelector() as selector:
            loop = _Loop(self, selector)
            starting: deque[float] = deque(began_s + every_s * number for number in range(callers))
            heed_s = began_s
            beginning: list[Future[None]] = []
            while (now_s := time.monotonic()) < began_s + until_s and (again or self._done < callers):
                while starting and starting[0] <= now_s:
                    starting.popleft()
                    beginning.append(pool.submit(loop.begin, next(numbers)))
                loop.step()
                for over in loop.take_over():
                    pool.submit(self.exchange.end, over.call_sid, over.how)
                    if again:
                        starting.append(now_s)
                while loop.failed:
                    self.refused.append(loop.failed.popleft())
                    if again:
                        starting.append(now_s + 1)
                if now_s >= heed_s:
                    heed_s += 1
                    heed()
            wait(beginning)  # a call that begins now is cut, too
            loop.cut()
            for over in loop.take_over():
                pool.submit(self.exchange.end, over.call_sid, over.how)

    @property
    def _done(self) -> int:
        return len(self.ended) + len(self.refused)


class _Loop:
    """The calls that are carried now."""

    def __init__(self, crowd: Crowd, selector: selectors.BaseSelector) -> None:
        self._crowd, self._selector = crowd, selector
        self._begun: deque[Leg] = deque()
        self._due: list[tuple[float, int, Leg]] = []
        self._order = itertools.count()
        self._carried: dict[str, Leg] = {}
        self._over: list[Ended] = []
        self.failed: deque[str] = deque()

    def begin(self, number: int) -> None:
        """Begin a call; from a thread of the pool."""
        try:
            self._begun.append(self._crowd.exchange.begin(number))
        except (WireBroken, CarrierError) as error:
            self.failed.append(str(error))

    def take_over(self) -> list[Ended]:
        """Return the calls that ended since last asked."""
        over, self._over = self._over, []
        self._crowd.ended += over
        return over

    def step(self) -> None:
        """Wait for a message or the next frame that is due, and see to all there is."""
        while self._begun:
            self._join(self._begun.popleft())
        wait_s = min(_LONGEST_WAIT_S, self._due[0][0] - time.monotonic()) if self._due else _LONGEST_WAIT_S
        for key, _ in self._selector.select(max(0.0, wait_s)):
            self._receive(key.data)
        now_s = time.monotonic()
        while self._due and self._due[0][0] <= now_s:
            leg = heapq.heappop(self._due)[2]
            if leg.call_sid in self._carried:
                self._frame(leg)

    def cut(self) -> None:
        """End all calls."""
        for leg in list(self._carried.values()):
            self._hang_up(leg, "cut")
        for leg in self._begun:
            leg.wire.close()
            self._over.append(Ended(leg.call_sid, leg.stream, "cut"))

    def _join(self, leg: Leg) -> None:
        leg.stream.due_s = time.monotonic() + 0.02
        self._carried[leg.call_sid] = leg
        self._crowd.most = max(self._crowd.most, len(self._carried))
        self._selector.register(leg.wire.socket, selectors.EVENT_READ, leg)
        if self._send(leg, leg.stream.opening(leg.parameters)):
            heapq.heappush(self._due, (leg.stream.due_s, next(self._order), leg))

    def _receive(self, leg: Leg) -> None:
        now_s = time.monotonic()
        try:
            for message in leg.wire.receive():
                for answer in leg.stream.heed(message, now_s):
                    leg.wire.send(answer)
        except (WireBroken, CarrierError) as error:
            self._leave(leg, str(error))
            return
        if not leg.wire.is_open:
            code = leg.wire.close_code
            self._leave(leg, "closed" if code == 1000 else f"closed with {code}")  # noqa: PLR2004 - RFC 6455

    def _frame(self, leg: Leg) -> None:
        if not self._send(leg, leg.stream.frame(time.monotonic())):
            return
        if leg.stream.hung_up:
            self._hang_up(leg, "hung up")
        else:
            heapq.heappush(self._due, (leg.stream.due_s, next(self._order), leg))

    def _hang_up(self, leg: Leg, how: str) -> None:
        if self._send(leg, [leg.stream.ending()]):
            self._leave(leg, how)

    def _send(self, leg: Leg, messages: list[str]) -> bool:
        try:
            for message in messages:
                leg.wire.send(message)
        except WireBroken as error:
            self._leave(leg, str(error))
            return False
        return True

    def _leave(self, leg: Leg, how: str) -> None:
        del self._carried[leg.call_sid]
        self._selector.unregister(leg.wire.socket)
        leg.wire.close()
        self._over.append(Ended(leg.call_sid, leg.stream, how))
