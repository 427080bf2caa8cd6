"""The check of the database: there, whole, up to date, and writable. What it holds is not looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError

from voicebot.doctor.findings import Verdict, error, ok, warning
from voicebot.storage.engine import open_engine, store_failed, transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from voicebot.config import Settings


def check_database(settings: Settings) -> Verdict:
    """Open the database and try it, but make no SQLite file that is not there. Raises VoicebotError `store_failed`."""
    url = settings.sqlalchemy_url()
    try:
        parsed = make_url(url)
    except ArgumentError as broken:
        raise store_failed(broken) from None
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return ok("No call was ever stored; the database is made at the first start.")
    engine = open_engine(url)
    try:
        with transaction(engine) as connection:
            damage = _damage(connection)
            applied = set(MigrationContext.configure(connection).get_current_heads())
            _try_to_write(connection)
    finally:
        engine.dispose()
    return damage or judge_migrations(applied, _scripts())


def _damage(connection: Connection) -> Verdict | None:
    if connection.dialect.name != "sqlite":
        return None
    if connection.scalar(text("PRAGMA integrity_check(1)")) == "ok":
        return None
    return error("The database is damaged.", "Stop the service and put the latest backup in its place.")


def _try_to_write(connection: Connection) -> None:
    attempt = connection.begin_nested()
    connection.execute(text("CREATE TABLE voicebot_doctor (id INTEGER)"))
    attempt.rollback()


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "voicebot.storage:migrations")
    return ScriptDirectory.from_config(config)


def judge_migrations(applied: set[str], scripts: ScriptDirectory) -> Verdict:
    """Return whether the tables are those this version works with."""
    known = {script.revision for script in scripts.walk_revisions()}
    if applied - known:
        return error("The database was made by a newer version of voicebot.", "Install that version again.")
    if applied != set(scripts.get_heads()):
        return warning("The database is not up to date.", "Run `voicebot db upgrade`; `voicebot serve` does it too.")
    return ok("The database is whole, up to date and can be written.")
