"""How the writers of one process share SQLite: they take turns, and those who wait meanwhile share a commit.

SQLite lets one write at a time, and a durable commit waits for the disk: with many calls at once most of the time one
writer would wait for the disk and all others for that writer. So whoever has written hands the open transaction on to
the next in line, and the last one commits for all. Nobody goes on before that: what was written is durable then, or
refused for all. Others see none of it until then. Each writer but the first is in a savepoint, so that one who is
refused takes nothing of the others along. Knows no table.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

TURN_S = 5.0
"""So long a writer waits for its turn; then it tries its luck, as beside another process."""
MOST = 50
"""So many share a commit at most."""


@dataclass
class _Shared:
    """A transaction that goes from writer to writer; only who has the turn touches it."""

    connection: Connection
    writers: int = 0
    over: Event = field(default_factory=Event)
    """It is committed, or rolled back."""
    refused: SQLAlchemyError | None = None
    """Why it was rolled back for all."""

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """Run the block of one writer; refused, it takes nothing of the others along, unless the database drops it all.

        The first needs no savepoint: it is all there is.
        """
        first = self.writers == 0
        self.writers += 1
        try:
            with nullcontext() if first else self.connection.begin_nested():
                yield self.connection
        except BaseException as error:
            if first or not self._goes_on():
                self._end(error if isinstance(error, SQLAlchemyError) else None)
            raise

    def commit(self) -> None:
        """Commit, durably."""
        try:
            self.connection.commit()
        except SQLAlchemyError as error:
            self.connection.invalidate(error)  # whatever state it is in: closed, it rolls back
            self._end(error)
        else:
            self._end(None)

    def _goes_on(self) -> bool:
        """Return whether the transaction is still there: SQLite ends it when the disk is full or fails."""
        driver: Any = self.connection.connection.driver_connection
        return bool(driver.in_transaction)

    def _end(self, refused: SQLAlchemyError | None) -> None:
        self.refused = refused
        with suppress(SQLAlchemyError):
            self.connection.close()  # rolls back what is not committed
        self.over.set()


class Writers:
    """Those who write to one SQLite database in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        """Somebody has the turn."""
        self._line: deque[Lock] = deque()
        """A lock for each who waits, released when it is their turn."""
        self._shared: _Shared | None = None
        """What the next in line goes on with."""

    @contextmanager
    def turn(self, engine: Engine) -> Iterator[Connection]:
        """Run the block in a transaction of `engine` when its turn comes; at the end what it wrote is durable.

        Raises SQLAlchemyError when the database refuses it, or the commit for all.
        """
        if not self._turn_came():
            with engine.begin() as connection:
                yield connection
            return
        shared, self._shared = self._shared, None
        try:
            shared = shared or _Shared(_begun(engine))
            with shared.part() as connection:
                yield connection
        finally:
            self._pass_on(shared)
            if shared:
                shared.over.wait()
        if shared.refused:
            raise shared.refused

    def _turn_came(self) -> bool:
        """Wait for the turn; return whether it came in time."""
        mine = Lock()
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=TURN_S):
            return True
        with self._lock:
            if mine not in self._line:
                return True  # it came at the last moment
            self._line.remove(mine)
            return False

    def _pass_on(self, shared: _Shared | None) -> None:
        """Give the turn to the next in line, with the transaction; if nobody is there, commit first."""
        if shared and not shared.over.is_set():
            if shared.writers < MOST and self._call_next(shared):
                return
            shared.commit()
        self._call_next(None)

    def _call_next(self, shared: _Shared | None) -> bool:
        """Give the turn to the first in line, to go on with `shared` or anew; return whether anybody is there."""
        with self._lock:
            if self._line:
                self._shared = shared
                self._line.popleft().release()
                return True
            self._busy = shared is not None
            return False


def _begun(engine: Engine) -> Connection:
    connection = engine.connect().execution_options(writes_later=True)
    try:
        connection.begin()
    except SQLAlchemyError:
        connection.close()
        raise
    return connection
