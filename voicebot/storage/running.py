"""The records of calls that are going on, as this process wrote them. Memory only; the database stays the truth.

To index a call its whole record is needed with every turn. Read from the database, each row of it is a wait for
Python's lock while the database's own is held, and with many calls these waits add up to seconds.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.calls.entries import Entry

MOST = 256
"""So many calls are remembered; the one that was silent longest is forgotten first."""


class Running:
    """Records without a caller's words. Safe to use from several threads."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, list[Entry]] = OrderedDict()
        self._lock = Lock()

    def with_more(self, call_id: str, entries: Sequence[Entry]) -> list[Entry] | None:
        """Return the call's record with `entries` behind it; None when not all that comes before them is known here.

        No place of a record is ever written twice, so what is known from its beginning on is what the database holds.
        """
        with self._lock:
            known = self._records.get(call_id, [])
        return [*known, *entries] if len(known) == entries[0].seq else None

    def keep(self, call_id: str, record: list[Entry] | None) -> None:
        """Remember a record that was committed; None forgets the call."""
        with self._lock:
            self._records.pop(call_id, None)
            if record is not None:
                self._records[call_id] = record
            if len(self._records) > MOST:
                self._records.popitem(last=False)
