"""The one background thread: does what is waiting in small pieces, and gives way to calls that are going on.

It lives in the process that answers calls, so it rests between pieces, three times as long as it worked while any
caller is on the line. Its priority is that of all threads: one of low priority would keep the interpreter's lock while
it waits for a processor, and callers with it. What it has done stays done when the process dies; the next `wake` goes
on from there.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from voicebot.batch.bulk_replay import BulkReplay
from voicebot.batch.look_through import look_at
from voicebot.errors import VoicebotError
from voicebot.storage.replay_store import ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.storage.tally_store import GIVEN_UP_AFTER, calls_to_look_through

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from voicebot.storage.store import CallStore

CALLS_A_PIECE = 5
"""Few enough that a piece takes some hundredths of a second."""
CALLS_A_SEARCH = 500
"""Calls found at once to be looked through: searching costs the same for one as for many."""
SEARCH_EVERY_S = 5.0
"""After a search that found nothing; pages wake the worker more often than calls end."""
LONGEST_CALL = timedelta(days=1)
"""Calls that began this long before everything was looked through can have ended since."""
REST = 0.5
"""How long it rests after a piece, as a share of the time the piece took, while nobody is calling."""
REST_BESIDE_CALLS = 3.0
"""The same while calls are going on."""

_log = structlog.get_logger()


class Worker:
    """Looks calls through and runs replays, for as long as there is something to do."""

    def __init__(self, store: CallStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._replays = ReplayStore(engine)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._reviews = ReviewStore(engine)
        self._replay: BulkReplay | None = None
        self._to_look_at: list[str] = []
        self._search_after = 0.0
        self._searched_all_at: datetime | None = None

    def wake(self) -> None:
        """See to it that the thread runs in this process; cheap, so that any page may call it. Never raises."""
        with self._lock:
            # A forked process inherits the object without the thread; is_alive tells.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="batch", daemon=True)
                self._thread.start()

    def work(self) -> bool:
        """Do one piece; return whether there was anything to do. Raises VoicebotError `store_failed`."""
        now = datetime.now(UTC)
        if piece := self._next_calls(now):
            look_at(self._store, self._engine, piece)
            return True
        if self._replay is None:
            replay_id = self._replays.take_up(now)
            self._replay = BulkReplay(self._store, self._replays, self._reviews, replay_id) if replay_id else None
        if self._replay is None:
            return False
        if not self._replay.run_some(now, CALLS_A_PIECE):
            self._replay = None
        return True

    def _next_calls(self, now: datetime) -> list[str]:
        """Return some calls to look through."""
        if not self._to_look_at and time.monotonic() >= self._search_after:
            since = self._searched_all_at - LONGEST_CALL if self._searched_all_at else None
            self._to_look_at = calls_to_look_through(self._engine, now, CALLS_A_SEARCH, since)
            if not self._to_look_at:
                self._search_after = time.monotonic() + SEARCH_EVERY_S
                self._searched_all_at = self._searched_all_at or now
        piece, self._to_look_at = self._to_look_at[:CALLS_A_PIECE], self._to_look_at[CALLS_A_PIECE:]
        return piece

    def _run(self) -> None:
        try:
            while True:
                began = time.monotonic()
                if not self.work():
                    return
                time.sleep((time.monotonic() - began) * self._rest())
        except VoicebotError as error:
            _log.error("batch_failed", code=error.code)
        except Exception as error:  # noqa: BLE001 - nobody waits for it; the next wake tries again
            _log.error("batch_failed", error=type(error).__name__)

    def _rest(self) -> float:
        calling = self._store.live_calls(datetime.now(UTC) - GIVEN_UP_AFTER)
        return REST_BESIDE_CALLS if calling else REST
