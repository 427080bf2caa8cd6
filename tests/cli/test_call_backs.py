from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from voicebot.calls.entries import Entry
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.cli import run
from voicebot.config import load_settings
from voicebot.dialog.effects import CallBack, PreferredTime
from voicebot.dialog.events import Channel, HungUp
from voicebot.wiring import open_store

NUMBER = "+16515550199"


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


def asked(minute, preferred, number=NUMBER):
    """Keep a call that is to be called back and return its id."""
    snapshot = RuleSetSnapshot("0" * 64, "rules", "1", "")
    with closing(open_store(load_settings())) as store:
        started_at = datetime(2026, 11, 22, 12, minute, tzinfo=UTC)
        call = store.start_call(channel=Channel.STREAM, started_at=started_at, ruleset=snapshot)
        store.append(call.call_id, [Entry(0, HungUp(0)), Entry(1, CallBack(preferred))])
        if number:
            store.keep_number(call.call_id, number)
    return call.call_id


def test_who_cannot_wait_comes_first_and_then_who_asked_first(capsys):
    second, third, first = asked(1, PreferredTime.MORNING), asked(2, PreferredTime.ANY), asked(3, PreferredTime.SOON)
    assert run(["calls", "callbacks"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == [first, second, third]
    assert all(NUMBER in line for line in shown)


def test_as_json(capsys):
    call_id = asked(0, PreferredTime.AFTERNOON, number=None)
    assert run(["calls", "callbacks", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {
        "call_id": call_id,
        "asked_at": "2026-11-22T12:00:00+00:00",
        "preferred": "afternoon",
        "number": None,
        "done_at": None,
        "urgency": None,
    }


def test_a_call_back_that_is_done_is_listed_apart_and_its_number_forgotten(capsys):
    call_id = asked(0, PreferredTime.ANY)
    assert run(["calls", "called-back", call_id]) == 0
    run(["calls", "callbacks"])
    assert capsys.readouterr().out == ""
    run(["calls", "callbacks", "--done"])
    done = capsys.readouterr().out
    assert call_id in done
    assert NUMBER not in done


def test_what_is_done_or_was_never_asked_for_is_told(capsys):
    call_id = asked(0, PreferredTime.ANY)
    assert run(["calls", "called-back", call_id]) == 0
    assert run(["calls", "called-back", call_id]) == 1
    assert "nothing left" in capsys.readouterr().err
    assert run(["calls", "called-back", "nobody"]) == 2
