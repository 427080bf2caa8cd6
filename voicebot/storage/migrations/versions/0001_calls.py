"""Calls, their records, words, sound and rule sets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "rulesets",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(64), primary_key=True),
        sa.Column("call_sid", sa.String(64), unique=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruleset_sha256", sa.String(64), sa.ForeignKey("rulesets.sha256"), nullable=False),
        sa.Column("stream_token", sa.String(64), nullable=False),
        sa.Column("stream_token_used_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(40)),
        sa.Column("urgency", sa.Integer),
        sa.Column("length", sa.Integer, nullable=False, comment="entries in the record: the next one's place"),
    )
    op.create_index("calls_newest_first", "calls", ["started_at", "call_id"])
    op.create_table(
        "entries",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False, comment="event or effect"),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.Integer, comment="of an event; an effect has the time of the event before it"),
        sa.Column("body", sa.JSON, nullable=False, comment="the message, without words"),
    )
    op.create_table(
        "words",
        sa.Column("call_id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["call_id", "seq"], ["entries.call_id", "entries.seq"]),
    )
    op.create_table(
        "audio",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("starts_at_ms", sa.Integer, nullable=False),
        sa.Column("ms", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_index("ix_audio_call_id", "audio", ["call_id"])
