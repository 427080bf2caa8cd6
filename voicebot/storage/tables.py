"""The tables. Migrations make them; a test holds the two together.

Telephone numbers are held of callers who are to be called back, until that is done, and, in given_numbers.py, of those
who keyed another number in, until the end of their call. No other column holds any.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
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

CALL_INDEX = Table(
    "call_index",
    METADATA,
    Column("started_at", UtcDateTime, primary_key=True),
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True, unique=True),
    Column("facts_version", Integer, nullable=False, comment="0: not folded yet"),
    Column("channel", String(20), nullable=False),
    Column("over", Boolean, nullable=False),
    Column("last_event_at", UtcDateTime, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("outcome", String(40)),
    Column("urgency", Integer),
    Column("answers", Integer, nullable=False),
    Column("lowest_confidence", Float),
    Column("reprompts", Integer, nullable=False),
    Column("longest_gap_ms", Integer),
    Column("transfer", String(20)),
    Column("faults", Integer, nullable=False),
    Column("ruleset_sha256", String(64), nullable=False),
    Column("review_state", String(20), nullable=False, default="new"),
    Index("calls_not_over", "over"),
    # SQLite keeps the rows themselves in the order of the list: whatever the filter, it reads on until a page is full.
    sqlite_with_rowid=False,
)
"""One row a call with all a list of calls filters by; made from the record, so it can be made again."""

CALL_MARKS = Table(
    "call_marks",
    METADATA,
    Column("kind", String(10), primary_key=True, comment="rule, fault or word"),
    Column("value", String(100), primary_key=True),
    Column("started_at", UtcDateTime, primary_key=True),
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
"""What a call can be found by of which it may have several. Its words go with the words they were taken from."""

SAVED_VIEWS = Table(
    "saved_views",
    METADATA,
    Column("member_id", String(64), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("query", String(2000), nullable=False, comment="the query string of the list"),
)

STAFF = Table(
    "staff",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200)),
    Column("provider_subject", String(300), unique=True, comment="who the member is to the identity provider"),
    Column("added_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("for_demo", Boolean, nullable=False, default=False, server_default=false()),
)

STAFF_SESSIONS = Table(
    "staff_sessions",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

ATTEMPTS = Table(
    "sign_in_attempts",
    METADATA,
    Column("whom", String(64), primary_key=True, comment="hash of an address or an account"),
    Column("until", UtcDateTime, nullable=False, comment="forgotten then"),
    Column("count", Integer, nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(200), nullable=False, comment="no foreign key: it outlives what it names"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_subject", "subject", "who"),
)

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="always 1"),
    Column("length", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
