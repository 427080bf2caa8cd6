"""The tables. Migrations make them; a test holds the two together.

One column alone holds telephone numbers, of callers who are to be called back, until that is done.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, kept in UTC; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return `value` in UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the stored time, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


METADATA = MetaData()

RULESETS = Table(
    "rulesets",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("id", String(100), nullable=False),
    Column("version", String(100), nullable=False),
    Column("text", Text, nullable=False),
)

CALLS = Table(
    "calls",
    METADATA,
    Column("call_id", String(64), primary_key=True),
    Column("call_sid", String(64), unique=True),
    Column("channel", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("last_event_at", UtcDateTime, nullable=False),
    Column("ruleset_sha256", ForeignKey("rulesets.sha256"), nullable=False),
    Column("stream_token", String(64), nullable=False),
    Column("stream_token_used_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(40)),
    Column("urgency", Integer),
    Column("length", Integer, nullable=False, default=0, comment="entries in the record: the next one's place"),
    Index("calls_newest_first", "started_at", "call_id"),
)

ENTRIES = Table(
    "entries",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(10), nullable=False, comment="event or effect"),
    Column("type", String(40), nullable=False),
    Column("at_ms", Integer, comment="of an event; an effect has the time of the event before it"),
    Column("body", JSON, nullable=False, comment="the message, without words"),
)

WORDS = Table(
    "words",
    METADATA,
    Column("call_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("words", Text, nullable=False),
    ForeignKeyConstraint(["call_id", "seq"], ["entries.call_id", "entries.seq"]),
)

AUDIO = Table(
    "audio",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("call_id", ForeignKey("calls.call_id"), nullable=False, index=True),
    Column("side", String(10), nullable=False),
    Column("starts_at_ms", Integer, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)

CALL_BACKS = Table(
    "call_backs",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("preferred", String(20), nullable=False),
    Column("number", String(20), comment="forgotten once the call back is done"),
    Column("done_at", UtcDateTime),
)
