"""Which recent calls came from one telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of keyed hashes."""
    op.create_table(
        "callers",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_callers_mark", "callers", ["mark"])
    op.create_index("ix_callers_at", "callers", ["at"])
