"""What a list of calls filters by, and views of it that staff keep."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; `voicebot db upgrade` fills them from the records."""
    op.create_table(
        "call_index",
        sa.Column("started_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True, unique=True),
        sa.Column("facts_version", sa.Integer, nullable=False, comment="0: not folded yet"),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("over", sa.Boolean, nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(40)),
        sa.Column("urgency", sa.Integer),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("lowest_confidence", sa.Float),
        sa.Column("reprompts", sa.Integer, nullable=False),
        sa.Column("longest_gap_ms", sa.Integer),
        sa.Column("transfer", sa.String(20)),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("ruleset_sha256", sa.String(64), nullable=False),
        sa.Column("review_state", sa.String(20), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("calls_not_over", "call_index", ["over"])
    op.create_table(
        "call_marks",
        sa.Column("kind", sa.String(10), primary_key=True, comment="rule, fault or word"),
        sa.Column("value", sa.String(100), primary_key=True),
        sa.Column("started_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_marks_call_id", "call_marks", ["call_id"])
    op.create_table(
        "saved_views",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("query", sa.String(2000), nullable=False, comment="the query string of the list"),
    )
