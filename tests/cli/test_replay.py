from __future__ import annotations

import json
from contextlib import closing

import pytest
from sqlalchemy import update

from tests.cli.given import stored_call
from voicebot import assets
from voicebot.cli import run
from voicebot.config import load_settings
from voicebot.storage.tables import ENTRIES
from voicebot.wiring import open_store


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


def tamper(call_id, **body):
    """Change what a Decided of the call says, as a broken disk or a hand in the database would."""
    with closing(open_store(load_settings())) as store, store.engine.begin() as connection:
        connection.execute(
            update(ENTRIES).where(ENTRIES.c.call_id == call_id, ENTRIES.c.type == "decided").values(body=body)
        )


def softer_rules(tmp_path):
    text = assets.RULESET.read_text()
    level = text.index("level: 4", text.index("- id: cauda-saddle"))
    path = tmp_path / "softer.yaml"
    path.write_text(text[:level] + "level: 3" + text[level + 8 :])
    return path


def test_a_stored_call_run_again_is_the_same(ruleset, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    assert run(["replay", call_id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["call_id"], told["same"], told["changes"]) == (call_id, True, [])
    assert told["ruleset"]["sha256"] == ruleset.sha256


def test_an_exported_call_needs_no_store(ruleset, tmp_path, monkeypatch, capsys):
    stored_call(ruleset, "q.saddle")
    stored_call(ruleset, "q.sit")
    run(["calls", "export", "--all"])
    path = tmp_path / "calls.jsonl"
    path.write_text(capsys.readouterr().out)
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert run(["replay", str(path)]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["same", "same"]


def test_a_call_that_differs_is_a_verdict_with_its_reason(ruleset, capsys):
    good, bad = stored_call(ruleset, "q.sit"), stored_call(ruleset, "q.saddle")
    decision = {"urgency": 1, "destinations": ["spine"], "rules": [{"id": "asleep-when-sitting"}]}
    tamper(bad, type="decided", decision=decision, trace=[])
    assert run(["replay", "--all"]) == 1
    told = capsys.readouterr().out
    assert f"{good}  same" in told
    assert f"{bad}  DIFFERS" in told
    assert "The decision was urgency 1 to spine and is now urgency 4" in told
    assert "The rule cauda-saddle fires now." in told


def test_other_rules_tell_what_they_would_change_and_why(ruleset, tmp_path, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    rules = str(softer_rules(tmp_path))
    assert run(["replay", call_id, "--rules", rules, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["old_decision"]["urgency"], told["new_decision"]["urgency"]) == (4, 3)
    assert "Urgency goes from 4 (emergency room) to 3 (same day)." in told["changes"]
    assert run(["replay", call_id, "--rules", str(assets.RULESET)]) == 0


def test_one_unreadable_call_does_not_hide_the_others(ruleset, capsys):
    good, bad = stored_call(ruleset, "q.sit"), stored_call(ruleset, "q.saddle")
    tamper(bad, type="canary")
    assert run(["replay", "--all", "--json"]) == 2
    told = {call["call_id"]: call for call in map(json.loads, capsys.readouterr().out.splitlines())}
    assert told[good]["same"]
    assert told[bad]["error"]["code"] == "record_broken"
    assert "canary" not in str(told)


@pytest.mark.parametrize("arguments", [[], ["one", "--all"], ["nobody"], ["nobody", "--rules", "missing.yaml"]])
def test_nothing_to_run_is_bad_input(arguments, capsys):
    assert run(["replay", *arguments]) == 2
    assert capsys.readouterr().err
