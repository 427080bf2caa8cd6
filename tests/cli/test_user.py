from __future__ import annotations

import io
import json
from contextlib import closing

import pytest

from voicebot.cli import run
from voicebot.config import load_settings
from voicebot.staff.passwords import is_right
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.staff_store import StaffStore
from voicebot.wiring import open_store

PASSWORD = "correct horse battery staple"  # noqa: S105 - of accounts that are made for tests


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def typed(monkeypatch):
    def pipe(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    pipe(f"{PASSWORD}\n")
    return pipe


def kept(name):
    with closing(open_store(load_settings())) as store:
        return StaffStore(store.engine).kept(name)


def audit():
    with closing(open_store(load_settings())) as store:
        return [(entry.who, entry.what, entry.subject) for entry in AuditStore(store.engine).all()]


def test_an_account_is_made_with_the_password_from_stdin(typed, capsys):
    assert run(["user", "add", "Ada", "--role", "admin"]) == 0
    assert capsys.readouterr().out == "ada may sign in as admin.\n"
    assert is_right(PASSWORD, kept("ada").password_hash)
    assert audit() == [("command line", "user_added", "ada admin")]


def test_an_account_for_the_identity_provider_needs_none(capsys):
    assert run(["user", "add", "jo@clinic.example", "--role", "reader", "--no-password"]) == 0
    assert kept("jo@clinic.example").password_hash is None


@pytest.mark.parametrize(
    ("arguments", "password", "told"),
    [
        (["add", "ada", "--role", "admin"], "short", "12 to 256"),
        (["add", "ada", "--role", "admin"], "", "12 to 256"),
        (["add", "a b", "--role", "admin"], PASSWORD, "letters"),
        (["add", "ada", "--role", "boss"], PASSWORD, "boss"),
        (["add", "ada"], PASSWORD, "--role"),
        (["disable", "jim"], PASSWORD, "no account"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_and_leaves_nothing(typed, capsys, arguments, password, told):
    typed(f"{password}\n")
    assert run(["user", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert audit() == []


def test_a_name_is_taken_once(typed, capsys):
    run(["user", "add", "ada", "--role", "admin"])
    typed(f"{PASSWORD}\n")
    assert run(["user", "add", "ADA", "--role", "reader"]) == 2
    assert "There is an account of this name" in capsys.readouterr().err
    assert len(audit()) == 1


def test_a_disabled_account_stays_on_the_list(typed, capsys):
    run(["user", "add", "ada", "--role", "admin"])
    assert run(["user", "disable", "Ada"]) == 0
    assert kept("ada") is None
    capsys.readouterr()
    assert run(["user", "list", "--json"]) == 0
    (account,) = json.loads(capsys.readouterr().out)
    assert (account["name"], account["role"], account["password"]) == ("ada", "admin", True)
    assert account["disabled_at"] > account["added_at"]
    assert run(["user", "list"]) == 0
    assert capsys.readouterr().out.split()[::3] == ["ada", "disabled"]
    assert [what for _, what, _ in audit()] == ["user_added", "user_disabled"]
