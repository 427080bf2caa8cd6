"""Accounts of the demonstration are told from those of the staff."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("staff", sa.Column("for_demo", sa.Boolean, nullable=False, server_default=sa.false()))
