"""Callers who are to be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of call backs."""
    op.create_table(
        "call_backs",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preferred", sa.String(20), nullable=False),
        sa.Column("number", sa.String(20), comment="forgotten once the call back is done"),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
