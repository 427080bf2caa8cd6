"""A call's record as rows of tables: added and read within a transaction of the store. Opens none, keeps no index.

Statements are said once, so that they are compiled once: a caller waits for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from voicebot.calls.entries import Entry, message_from_json, message_to_json
from voicebot.dialog.effects import PreferredTime
from voicebot.dialog.events import Event
from voicebot.storage import given_numbers, pages
from voicebot.storage.store import call_back_in, event_time, join_words, record_conflict
from voicebot.storage.tables import CALL_BACKS, CALLS, ENTRIES, WORDS, UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, Connection, Row

    from voicebot.storage.rows import CallBackRow

Split = list[tuple[Entry, str | None]]
"""Entries without a caller's words, each with its words."""

_THIS_CALL: BindParameter[str] = bindparam("this_call")
_LATEST = func.coalesce(bindparam("latest", type_=UtcDateTime), CALLS.c.last_event_at)
_TAKE_PLACES = (
    update(CALLS)
    .where(CALLS.c.call_id == _THIS_CALL, CALLS.c.length == bindparam("place"))
    .values(length=bindparam("next_place"), last_event_at=_LATEST)
    .returning(CALLS)
)
_ADD_ENTRIES, _ADD_WORDS = insert(ENTRIES), insert(WORDS)
_STANDING = (
    select(CALLS.c.started_at, CALLS.c.length, WORDS.c.seq, WORDS.c.words)
    .join(WORDS, WORDS.c.call_id == CALLS.c.call_id, isouter=True)
    .where(CALLS.c.call_id == _THIS_CALL)
)
_BODIES = (
    select(ENTRIES.c.seq, ENTRIES.c.body)
    .where(ENTRIES.c.call_id == _THIS_CALL, ENTRIES.c.seq < bindparam("length"))
    .order_by(ENTRIES.c.seq)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call's record stands."""

    started_at: datetime
    length: int
    words: dict[int, str]
    """What the caller said, by place."""

    def with_words(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return `entries` with the words that were split from them."""
        return [join_words(entry, self.words.get(entry.seq)) for entry in entries]


def standing(connection: Connection, call_id: str) -> Standing | None:
    """Return how the record stands, in one statement; None when there is no such call."""
    rows = connection.execute(_STANDING, {"this_call": call_id}).all()
    if not rows:
        return None
    words = {row.seq: row.words for row in rows if row.seq is not None}
    return Standing(rows[0].started_at, rows[0].length, words)


def bodies(connection: Connection, call_id: str, length: int) -> list[Entry]:
    """Return the first `length` entries without words; raises VoicebotError `record_broken`."""
    rows = connection.execute(_BODIES, {"this_call": call_id, "length": length})
    return [Entry(row.seq, message_from_json(row.body)) for row in rows]


def append(connection: Connection, call_id: str, started_at: datetime, split: Split) -> Row[Any]:
    """Add entries, and what they ask of staff; return the call's row. Raises VoicebotError `record_conflict`."""
    entries = [entry for entry, _ in split]
    # Taking the next places is the first write: whoever comes second sees that the record is longer by now.
    taken = {"this_call": call_id, "place": entries[0].seq, "next_place": entries[-1].seq + 1}
    call = connection.execute(_TAKE_PLACES, taken | {"latest": event_time(started_at, entries)}).one_or_none()
    if call is None:
        raise record_conflict()
    add(connection, call_id, started_at, split)
    return call


def add(connection: Connection, call_id: str, started_at: datetime, split: Split) -> None:
    """Add entries whose places are taken, and what they ask of staff."""
    entries = [entry for entry, _ in split]
    connection.execute(_ADD_ENTRIES, [_values(call_id, entry) for entry in entries])
    if spoken := [{"call_id": call_id, "seq": entry.seq, "words": said} for entry, said in split if said is not None]:
        connection.execute(_ADD_WORDS, spoken)
    if asked := call_back_in(call_id, started_at, entries):
        _note_call_back(connection, asked)
    pages.note(connection, pages.pages_in(call_id, started_at, entries))


def _note_call_back(connection: Connection, asked: CallBackRow) -> None:
    """Note or withdraw a call back; a number that is known already stays."""
    this_one = CALL_BACKS.c.call_id == asked.call_id
    if asked.preferred is PreferredTime.WITHDRAWN:
        connection.execute(delete(CALL_BACKS).where(this_one))
        return
    values = {"asked_at": asked.asked_at, "preferred": asked.preferred.value, "done_at": None}
    if connection.execute(update(CALL_BACKS).where(this_one).values(values)).rowcount == 0:
        number = given_numbers.given(connection, asked.call_id)
        connection.execute(insert(CALL_BACKS).values(call_id=asked.call_id, number=number, **values))


def _values(call_id: str, entry: Entry) -> dict[str, Any]:
    message = entry.message
    return {
        "call_id": call_id,
        "seq": entry.seq,
        "kind": "event" if isinstance(message, Event) else "effect",
        "type": message.type,
        "at_ms": message.at_ms if isinstance(message, Event) else None,
        "body": message_to_json(message),
    }
