from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from voicebot.calls.entries import Entry
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.cli import run
from voicebot.config import load_settings
from voicebot.dialog.effects import PageReason, PageStaff
from voicebot.dialog.events import Channel, HungUp
from voicebot.wiring import open_store


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


def paged(reason, sent=False):
    """Keep a call that staff were paged for and return the page's id."""
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with closing(open_store(load_settings())) as store:
        call = store.start_call(
            channel=Channel.STREAM, started_at=noon, ruleset=RuleSetSnapshot("0" * 64, "rules", "1", "")
        )
        store.append(call.call_id, [Entry(0, HungUp(0)), Entry(1, PageStaff(reason))])
        page_id = f"{call.call_id}.1"
        if sent:
            store.page_sent(page_id, noon)
    return page_id


def test_open_pages_are_listed_with_whether_they_were_delivered(capsys):
    waiting, delivered = paged(PageReason.CRISIS), paged(PageReason.NOT_TAKEN, sent=True)
    assert run(["calls", "pages"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "crisis" in lines[waiting]
    assert "not delivered" in lines[waiting]
    assert "delivered 12:00 UTC" in lines[delivered]


def test_as_json(capsys):
    page_id = paged(PageReason.REFUSED)
    assert run(["calls", "pages", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {
        "page_id": page_id,
        "call_id": page_id.removesuffix(".1"),
        "reason": "refused_911",
        "at": "2026-11-22T12:00:00+00:00",
        "sent_at": None,
        "acknowledged_by": None,
        "acknowledged_at": None,
    }


def test_a_page_that_was_seen_to_is_listed_only_among_all(capsys):
    page_id = paged(PageReason.REFUSED)
    assert run(["calls", "seen-to", page_id, "--by", "Nurse Joy"]) == 0
    run(["calls", "pages"])
    assert capsys.readouterr().out == ""
    run(["calls", "pages", "--all"])
    assert "seen to by Nurse Joy" in capsys.readouterr().out
    assert run(["calls", "seen-to", page_id, "--by", "Somebody Else"]) == 1
    assert "no open page" in capsys.readouterr().err
