"""Brings a database to the tables this version works with. The migrations themselves are in migrations/versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import func, select

from voicebot.storage.audit_guard import guard_audit
from voicebot.storage.engine import transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

_MIGRATION_LOCK = 0x766F696365
"""PostgreSQL advisory lock that two processes starting at once queue on."""


def upgrade(engine: Engine) -> None:
    """Apply the migrations that are still missing, all or none; safe when two processes start at once.

    Guards of the audit that are missing are put there each time: altering a table of SQLite may copy it without them.
    Raises VoicebotError `store_failed`.
    """
    config = Config()
    config.set_main_option("script_location", "voicebot.storage:migrations")
    with transaction(engine.execution_options(writes_later=True)) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        guard_audit(connection)
