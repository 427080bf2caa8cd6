from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from tests.storage.given import start
from voicebot.errors import VoicebotError
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.private import private_folder
from voicebot.storage.tables import METADATA

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.sql_store import SqlStore


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 2000), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_sqlite_is_set_so_that_a_commit_survives(sql_store: SqlStore, pragma: str, value: object) -> None:
    with sql_store.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@pytest.mark.usefixtures("open_umask")
def test_nobody_else_can_open_the_files_of_the_database(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "new" / "data")
    engine = open_engine(f"sqlite:///{folder / 'voicebot.db'}")
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO rulesets VALUES ('0', 'a', '1', '')")
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    engine.dispose()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(["voicebot.db", "voicebot.db-wal", "voicebot.db-shm"], 0o600)


def test_a_folder_and_database_left_open_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "voicebot.db"
    path.touch()
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    open_engine(f"sqlite:///{path}")
    private_folder(tmp_path)
    assert (path.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_shared_with_everybody_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(VoicebotError) as raised:
        private_folder(tmp_path)
    assert raised.value.code == "data_folder_unusable"
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_make_the_tables_this_version_works_with(kind: str, request: pytest.FixtureRequest) -> None:
    store: SqlStore = request.getfixturevalue(f"{kind}_store")
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_upgrading_again_changes_nothing(sql_store: SqlStore) -> None:
    call_id = start(sql_store).call_id
    upgrade(sql_store.engine)
    assert sql_store.call_ids() == [call_id]


def test_an_upgrade_that_breaks_leaves_no_half_made_tables(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE audio (something TEXT)")  # in the way of the last table made
    with pytest.raises(VoicebotError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["audio"]
    engine.dispose()


def test_processes_that_start_at_once_upgrade_once(database: str) -> None:
    script = """
        import sys
        from voicebot.storage.engine import open_engine
        from voicebot.storage.migrate import upgrade
        print("ready", flush=True)
        sys.stdin.read()
        upgrade(open_engine(sys.argv[1]))
    """
    command = [sys.executable, "-c", textwrap.dedent(script), database]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    starting = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for process in starting:
        process.stdout.readline()
    for process in starting:
        process.stdin.close()
    for process in starting:
        with process:
            assert process.wait(timeout=30) == 0, process.stderr.read()
