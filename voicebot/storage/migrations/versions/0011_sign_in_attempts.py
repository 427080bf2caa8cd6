"""Attempts to sign in are counted by all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table; what is counted in it is forgotten after a minute."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("whom", sa.String(64), primary_key=True, comment="hash of an address or an account"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="forgotten then"),
        sa.Column("count", sa.Integer, nullable=False),
    )
