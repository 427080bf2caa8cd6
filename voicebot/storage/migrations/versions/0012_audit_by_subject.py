"""Who opened a call is found without reading the whole audit."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the index; no entry is touched."""
    op.create_index("audit_by_subject", "audit", ["subject", "who"])
