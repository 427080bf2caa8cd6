"""The database, in every state it can be found in."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from voicebot.config import Settings
from voicebot.doctor.database import check_database
from voicebot.doctor.findings import Status
from voicebot.errors import VoicebotError
from voicebot.storage import engine
from voicebot.wiring import open_store


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def database(settings):
    with closing(open_store(settings)):
        return settings.data_dir / "voicebot.db"


def test_no_database_is_made_by_looking_for_it(settings):
    verdict = check_database(settings)
    assert verdict.status is Status.OK
    assert "at the first start" in verdict.what
    assert not list(settings.data_dir.iterdir())


def test_a_database_in_use_is_whole_and_left_as_it_was(settings, database):
    def tables():
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()

    before = tables()
    assert check_database(settings).status is Status.OK
    assert tables() == before


@pytest.mark.parametrize(
    ("statement", "status", "told"),
    [
        ("DELETE FROM alembic_version", Status.WARNING, "not up to date"),
        ("UPDATE alembic_version SET version_num = 'from the future'", Status.ERROR, "newer version"),
    ],
)
def test_another_version_of_the_tables_is_told(settings, database, statement, status, told):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()
    verdict = check_database(settings)
    assert verdict.status is status
    assert told in verdict.what


def test_a_damaged_page_is_found(settings, database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'calls_newest_first'").fetchone()
    with database.open("r+b") as file:
        file.seek((root - 1) * page_size)
        file.write(b"\x0a\x00\x00\x00\x05\x0f\x00" + b"\xee" * 40)
    verdict = check_database(settings)
    assert verdict.status is Status.ERROR
    assert "damaged" in verdict.what


@pytest.mark.parametrize(
    ("url", "content"), [("sqlite:///{}/notes.txt", "a letter"), ("no url", ""), ("oracle+nothing://x/y", "")]
)
def test_what_is_no_database_is_refused(tmp_path, url, content):
    (tmp_path / "notes.txt").write_text(content * 100)
    with pytest.raises(VoicebotError) as raised:
        check_database(Settings(data_dir=tmp_path, database_url=url.format(tmp_path)))
    assert raised.value.code == "store_failed"


def test_a_database_that_cannot_be_written_is_refused(settings, database, monkeypatch):
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout=20",))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(VoicebotError) as raised:
            check_database(settings)
    assert raised.value.code == "store_failed"
