from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.storage.conftest import open_sql_store
from tests.storage.given import start
from voicebot.calls.entries import Entry
from voicebot.dialog.events import NoInput
from voicebot.errors import VoicebotError
from voicebot.storage.backup import backup

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.sql_store import SqlStore


def test_a_backup_is_a_whole_store_of_its_own(sql_store: SqlStore, tmp_path: Path) -> None:
    call_id = start(sql_store).call_id
    sql_store.append(call_id, [Entry(0, NoInput(1))])
    target = tmp_path / "copy.db"
    backup(sql_store.engine, target)
    sql_store.append(call_id, [Entry(1, NoInput(2))])
    assert target.stat().st_mode & 0o777 == 0o600
    for copy in open_sql_store(f"sqlite:///{target}"):
        assert copy.load(call_id) == [Entry(0, NoInput(1))]


def test_a_backup_never_writes_over_a_file(sql_store: SqlStore, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(VoicebotError) as raised:
        backup(sql_store.engine, target)
    assert raised.value.code == "backup_failed"
    assert target.read_text() == "precious"


def test_a_damaged_database_makes_no_backup(sql_store: SqlStore, tmp_path: Path) -> None:
    for number in range(200):
        start(sql_store, call_id=f"{number:060}")
    sql_store.close()
    path = tmp_path / "voicebot.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[-8000:] = b"\x55" * 8000
    path.write_bytes(content)
    with pytest.raises(VoicebotError) as raised:
        backup(sql_store.engine, tmp_path / "copy.db")
    assert raised.value.code in {"backup_failed", "store_failed"}
    assert sorted(file.name for file in tmp_path.glob("*copy*")) == []


def test_a_folder_that_is_not_there_is_told(sql_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(VoicebotError) as raised:
        backup(sql_store.engine, tmp_path / "missing" / "copy.db")
    assert raised.value.code == "store_failed"


def test_postgresql_is_left_to_its_own_tool(postgresql_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(VoicebotError, match="pg_dump"):
        backup(postgresql_store.engine, tmp_path / "copy.db")
