"""Copies the SQLite database while it is in use. PostgreSQL brings its own pg_dump."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from voicebot.errors import Exit, VoicebotError
from voicebot.storage.engine import store_failed
from voicebot.storage.private import private_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

PAGES_A_STEP = 256
"""Between steps other connections may write."""


def backup(engine: Engine, target: Path) -> None:
    """Write a checked copy of the database to `target`, readable by its owner alone; calls may go on meanwhile.

    Raises VoicebotError `backup_failed` when the database is not SQLite, the target exists, or the copy is not whole,
    and `store_failed` when the disk refuses. A copy that failed is removed.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise _backup_failed("Only a SQLite database is copied here.", "Use pg_dump for PostgreSQL.")
    if target.exists():
        raise _backup_failed(f"{target} is there already.", "Name a new file.")
    try:
        partial = private_file(target.with_name(f".{target.name}.partial"))
        with closing(sqlite3.connect(engine.url.database)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy, pages=PAGES_A_STEP)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, no -wal beside it
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise _backup_failed("The copy is not whole.", "Check the disk, then try again.")
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise store_failed(error) from None
    finally:
        target.with_name(f".{target.name}.partial").unlink(missing_ok=True)


def _backup_failed(message: str, remedy: str) -> VoicebotError:
    return VoicebotError("backup_failed", message, remedy, Exit.CANNOT_RUN)
