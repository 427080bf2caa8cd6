"""Stores of every kind, each empty."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, delete, text
from sqlalchemy.exc import OperationalError

from tests.storage.given import lift_guards, start
from voicebot.storage.audit_guard import guard_audit
from voicebot.storage.engine import open_engine
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore

POSTGRESQL = "postgresql+psycopg://root@127.0.0.1/postgres"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'voicebot.db'}"


@pytest.fixture
def sql_store(database: str) -> Iterator[SqlStore]:
    yield from open_sql_store(database)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> CallStore:
    return MemoryStore() if request.param == "memory" else request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def sqlite_store(sql_store: SqlStore) -> SqlStore:
    return sql_store


@pytest.fixture(scope="session")
def postgresql_engine() -> Iterator[Engine]:
    """Open a database of its own, made and dropped for one run of the tests."""
    pytest.importorskip("psycopg", reason="needs the optional postgres extra")
    name = f"voicebot_test_{uuid.uuid4().hex}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("no PostgreSQL answers at 127.0.0.1 for user root without a password")
    engine = open_engine(f"postgresql://root@127.0.0.1/{name}")
    upgrade(engine)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


@pytest.fixture
def postgresql_store(postgresql_engine: Engine) -> SqlStore:
    with postgresql_engine.begin() as connection:
        lift_guards(connection)
        for table in reversed(METADATA.sorted_tables):
            connection.execute(delete(table))
        guard_audit(connection)
    return SqlStore(postgresql_engine)


def open_sql_store(url: str) -> Iterator[SqlStore]:
    engine = open_engine(url)
    upgrade(engine)
    yield SqlStore(engine)
    engine.dispose()


@pytest.fixture
def call(store: CallStore) -> CallRow:
    return start(store)
