"""Opens the database: SQLite set so that a commit survives a power cut, or PostgreSQL. Turns its errors into ours."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from voicebot.errors import Exit, VoicebotError
from voicebot.storage.private import private_file
from voicebot.storage.writers import Writers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_LOCK = Lock()
_WRITERS: WeakKeyDictionary[Engine, Writers] = WeakKeyDictionary()
_MORE = 45
"""So many connections beyond the usual five: many calls read at once."""
_PRAGMAS = (
    "busy_timeout=2000",  # ms; first, so that the others wait as well. A caller hears nothing meanwhile
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit that was acknowledged survives a power cut (NORMAL may lose it)
    "foreign_keys=ON",
    "secure_delete=ON",  # deleted words are overwritten, not only unlinked
)


def open_engine(url: str) -> Engine:
    """Return an engine for the SQLAlchemy `url`; a new SQLite file is made readable by its owner alone.

    Parameters are hidden in every error and log line: they hold what callers said. Raises VoicebotError
    `store_failed` when the URL cannot be used.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            private_file(parsed.database)
        pool = {"max_overflow": _MORE} if parsed.database not in {None, "", ":memory:"} else {}
        pre_ping = parsed.get_backend_name() != "sqlite"
        engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=pre_ping, **pool)
    except (ArgumentError, ImportError, OSError) as error:
        raise store_failed(error) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver's own handling of transactions leaves out DDL; with None we say BEGIN ourselves, below.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads before it writes must take the write lock first, or it fails when another writes between.
    options = connection.get_execution_options()
    if not options.get("reads_once"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes_later") else "BEGIN")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run the block in one transaction: all of it is committed, durably, or nothing.

    A block that writes must write first: SQLite refuses to write after a read that another writer has outdated.
    Raises VoicebotError `store_failed` when the database refuses; a broken uniqueness or reference stays SQLAlchemy's
    IntegrityError, for the caller to name.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise store_failed(error) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run a block of one statement that reads: it is a transaction by itself, so SQLite need not be told of one.

    Raises VoicebotError `store_failed` when the database refuses.
    """
    try:
        with engine.connect() as connection:
            yield connection.execution_options(reads_once=True)
    except SQLAlchemyError as error:
        raise store_failed(error) from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run a block that writes in one transaction, as `transaction` does; on SQLite the writers of a process take turns.

    Those who wait for one another share a commit (see `voicebot.storage.writers`); it is durable all the same.
    """
    if engine.dialect.name != "sqlite":
        with transaction(engine) as connection:
            yield connection
        return
    try:
        with _writers(engine).turn(engine) as connection:
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise store_failed(error) from None


def _writers(engine: Engine) -> Writers:
    with _LOCK:
        return _WRITERS.setdefault(engine, Writers())


def store_failed(error: Exception) -> VoicebotError:
    """Return the error for a database that refuses, telling the driver's code for it and never its text.

    A driver's message may quote the row, and with it what a caller said.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__
    return VoicebotError(
        "store_failed",
        f"The database refused ({code}).",
        "Check the free space, the rights on the data folder and VOICEBOT_DATABASE_URL; `voicebot db upgrade` "
        "makes the tables.",
        Exit.CANNOT_RUN,
    )
