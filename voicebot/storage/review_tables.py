"""The tables of reviews, of stored calls run again in bulk, and of the clinic's numbers. Beside a call, never in it."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from voicebot.storage.tables import METADATA, UtcDateTime

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("urgency", Integer, nullable=False, comment="how urgent the review is"),
    Column("line_level", Integer, comment="what the rules decided; empty when they never did"),
    Column("level", Integer, comment="what the readers hold right, once they have settled it"),
    Column("reasons", JSON, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_name", String(200)),
    Column("claimed_until", UtcDateTime),
    Column("flagged_by", String(200)),
    Column("flagged_at", UtcDateTime),
    Index("reviews_queue", "state", "urgency", "ended_at"),
)

VERDICTS = Table(
    "verdicts",
    METADATA,
    Column("call_id", ForeignKey("reviews.call_id"), primary_key=True),
    Column("place", Integer, primary_key=True, comment="first or second reader"),
    Column("by", String(64), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("agrees", Boolean, nullable=False),
    Column("level", Integer),
    Column("reason", Text, nullable=False),
)

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("seq", Integer, primary_key=True, comment="place of the utterance in the record"),
    Column("words", Text, nullable=False, comment="what the caller said; deleted with the words of the call"),
    Column("consent", Boolean, nullable=False, comment="the caller had agreed to be recorded by then"),
    Column("by", String(64), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

TALLIES = Table(
    "tallies",
    METADATA,
    Column("day", String(10), primary_key=True, comment="UTC, on which the call began"),
    Column("measure", String(20), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("detail", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)

REPLAYS = Table(
    "replays",
    METADATA,
    Column("replay_id", String(32), primary_key=True),
    Column("ruleset_sha256", ForeignKey("rulesets.sha256"), nullable=False),
    Column("chosen", JSON, nullable=False, comment="which calls"),
    Column("state", String(20), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_name", String(200), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("total", Integer, nullable=False),
    Column("beat_at", UtcDateTime, comment="when the process that runs it last said so"),
    Column("ended_at", UtcDateTime),
)

REPLAYED = Table(
    "replayed",
    METADATA,
    Column("replay_id", ForeignKey("replays.replay_id"), primary_key=True),
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("change", String(20), comment="what the rules do to the call"),
    Column("old", Integer),
    Column("new", Integer),
    Column("old_if_nobody", Integer),
    Column("new_if_nobody", Integer),
    Column("told", JSON, comment="what differs, in sentences"),
    Index("replayed_by_change", "replay_id", "change", "call_id"),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("ruleset_sha256", ForeignKey("rulesets.sha256"), primary_key=True),
    Column("approver", String(200), nullable=False, comment="name and license, as the approver wrote it"),
    Column("by", String(64), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("replay_id", ForeignKey("replays.replay_id"), nullable=False, comment="what it was approved after"),
)
