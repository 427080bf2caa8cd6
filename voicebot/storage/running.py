"""The records of calls that are going on, as this process wrote them. Memory only; the database stays the truth.

To index a call its whole record is needed with every turn, and to go on with it as well. Read from the database, each
row of it is a wait for Python's lock while the database's own is held, and with many calls these waits add up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.calls.entries import Entry

MOST = 256
"""So many calls are remembered; the one that was silent longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Known:
    """One call as it was committed."""

    started_at: datetime
    record: tuple[Entry, ...] | None
    """From its beginning, without a caller's words; None when it could not be read."""
    marks: frozenset[tuple[str, str]] | None
    """What the index finds the call by, words apart (see `voicebot.storage.call_index`); None: nobody knows."""


class Running:
    """What is known of calls that are going on. Safe to use from several threads.

    No place of a record is ever written twice: a record that is as long as the database says it is, is the database's.
    """

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def get(self, call_id: str, length: int) -> Known | None:
        """Return what is known of a call whose record is so long; None when it is not this much that is known."""
        with self._lock:
            known = self._calls.get(call_id)
        return known if known and known.record is not None and len(known.record) == length else None

    def keep(self, call_id: str, known: Known | None) -> None:
        """Remember what was committed; None forgets the call."""
        with self._lock:
            self._calls.pop(call_id, None)
            if known is not None:
                self._calls[call_id] = known
            if len(self._calls) > MOST:
                self._calls.popitem(last=False)
