"""Reviews of calls, the clinic's numbers, bulk replays and approvals of rule sets."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables; calls that are over already are looked through once the console is opened."""
    _reviews()
    op.create_table(
        "tallies",
        sa.Column("day", sa.String(10), primary_key=True, comment="UTC, on which the call began"),
        sa.Column("measure", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("detail", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    _replays()


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False, comment="how urgent the review is"),
        sa.Column("line_level", sa.Integer, comment="what the rules decided; empty when they never did"),
        sa.Column("level", sa.Integer, comment="what the readers hold right, once they have settled it"),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("claimed_name", sa.String(200)),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("flagged_by", sa.String(200)),
        sa.Column("flagged_at", sa.DateTime(timezone=True)),
    )
    op.create_index("reviews_queue", "reviews", ["state", "urgency", "ended_at"])
    op.create_table(
        "verdicts",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("reviews.call_id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, comment="first or second reader"),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agrees", sa.Boolean, nullable=False),
        sa.Column("level", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, comment="place of the utterance in the record"),
        sa.Column("words", sa.Text, nullable=False, comment="what the caller said; deleted with the words of the call"),
        sa.Column("consent", sa.Boolean, nullable=False, comment="the caller had agreed to be recorded by then"),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _replays() -> None:
    op.create_table(
        "replays",
        sa.Column("replay_id", sa.String(32), primary_key=True),
        sa.Column("ruleset_sha256", sa.String(64), sa.ForeignKey("rulesets.sha256"), nullable=False),
        sa.Column("chosen", sa.JSON, nullable=False, comment="which calls"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_name", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), comment="when the process that runs it last said so"),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "replayed",
        sa.Column("replay_id", sa.String(32), sa.ForeignKey("replays.replay_id"), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("change", sa.String(20), comment="what the rules do to the call"),
        sa.Column("old", sa.Integer),
        sa.Column("new", sa.Integer),
        sa.Column("old_if_nobody", sa.Integer),
        sa.Column("new_if_nobody", sa.Integer),
        sa.Column("told", sa.JSON, comment="what differs, in sentences"),
    )
    op.create_index("replayed_by_change", "replayed", ["replay_id", "change", "call_id"])
    op.create_table(
        "approvals",
        sa.Column("ruleset_sha256", sa.String(64), sa.ForeignKey("rulesets.sha256"), primary_key=True),
        sa.Column("approver", sa.String(200), nullable=False, comment="name and license, as the approver wrote it"),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "replay_id",
            sa.String(32),
            sa.ForeignKey("replays.replay_id"),
            nullable=False,
            comment="what it was approved after",
        ),
    )
