"""Which recent calls came from one telephone: a keyed hash of its number, never the number, and only for some hours.

The key is not in the database, so a copy of the database tells nobody's number. The carrier's room makes the hash.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, String, Table, bindparam, delete, insert, select

from voicebot.storage.tables import CALLS, METADATA, UtcDateTime

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

KEPT_FOR = timedelta(hours=5)
"""From the beginning of a call: the longest call and the time for calling again fit in. It goes with the next call."""

CALLERS = Table(
    "callers",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("mark", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

_FORGET = delete(CALLERS).where(CALLERS.c.at < bindparam("long_ago"))
_REMEMBER = insert(CALLERS)
_LATEST = (
    select(CALLS)
    .join(CALLERS, CALLERS.c.call_id == CALLS.c.call_id)
    .where(CALLERS.c.mark == bindparam("whose"), CALLERS.c.at >= bindparam("not_before"))
    .order_by(CALLERS.c.at.desc(), CALLERS.c.call_id)
    .limit(1)
)


def remember(connection: Connection, call_id: str, mark: str, at: datetime) -> None:
    """Note whose call this is, and forget whoever called too long ago."""
    connection.execute(_FORGET, {"long_ago": at - KEPT_FOR})
    connection.execute(_REMEMBER, {"call_id": call_id, "mark": mark, "at": at})


def latest(connection: Connection, mark: str, at: datetime) -> Row[Any] | None:
    """Return the call, as its table has it, that came last with this mark, if that is still known at the time `at`."""
    return connection.execute(_LATEST, {"whose": mark, "not_before": at - KEPT_FOR}).one_or_none()
