from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.given import stored_call
from voicebot.cli import run


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


def test_a_database_is_made_private(tmp_path, capsys):
    assert run(["db", "upgrade"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "voicebot.db").stat().st_mode & 0o777 == 0o600


def test_an_upgrade_indexes_the_calls_that_are_not(ruleset, tmp_path, capsys):
    stored_call(ruleset, "q.saddle")
    with closing(sqlite3.connect(tmp_path / "data" / "voicebot.db", isolation_level=None)) as database:
        database.execute("DELETE FROM call_index")
        assert run(["db", "upgrade"]) == 0
        assert "1 calls are indexed." in capsys.readouterr().err
        assert database.execute("SELECT urgency FROM call_index").fetchall() == [(4,)]


def test_a_backup_holds_the_calls(ruleset, tmp_path, monkeypatch, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    copy = tmp_path / "copy.db"
    assert run(["db", "backup", str(copy)]) == 0
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{copy}")
    assert run(["replay", call_id]) == 0
    assert f"{call_id}  same" in capsys.readouterr().out
    assert run(["db", "backup", str(copy)]) == 3
