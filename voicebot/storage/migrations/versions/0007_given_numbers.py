"""Numbers callers keyed in to be called back at."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of given numbers."""
    op.create_table(
        "given_numbers",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.call_id"), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, comment="forgotten at the end of the call"),
    )
