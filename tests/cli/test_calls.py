from __future__ import annotations

import csv
import io
import json
from contextlib import closing

import pytest

from tests.cli.given import stored_call
from voicebot.cli import run
from voicebot.config import load_settings
from voicebot.storage.audio import CallAudio
from voicebot.storage.private import private_folder
from voicebot.wiring import open_store


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))


def test_calls_are_listed_with_how_they_ended(ruleset, capsys):
    ids = {stored_call(ruleset, "q.saddle"), stored_call(ruleset, hang_up_after=2)}
    assert run(["calls", "list"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in shown} == ids
    assert sorted(line.split()[-1] for line in shown) == ["emergency_room", "hung_up"]


def test_the_list_as_json_tells_no_stream_token(ruleset, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    assert run(["calls", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row.items() >= {"call_id": call_id, "channel": "text", "outcome": "emergency_room", "urgency": 4}.items()
    assert row["started_at"] == "2026-11-22T12:00:00+00:00"
    assert not any("token" in key for key in row)


def test_an_empty_store_lists_nothing(capsys):
    assert run(["calls", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_pages_go_on_where_the_last_one_ended(ruleset, capsys):
    for _ in range(3):
        stored_call(ruleset, hang_up_after=1)
    run(["calls", "list", "--json"])
    ids = [row["call_id"] for row in json.loads(capsys.readouterr().out)]
    run(["calls", "list", "--json", "--limit", "1", "--before", ids[0]])
    assert [row["call_id"] for row in json.loads(capsys.readouterr().out)] == ids[1:2]


def test_a_call_is_shown_with_its_words_and_its_reason(ruleset, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    assert run(["calls", "show", call_id]) == 0
    shown = capsys.readouterr().out
    assert "decided by: cauda-saddle (level 4) because saddle yes" in shown
    assert "yes it is, canary  (yes, 0.99, 600 ms to answer)" in shown
    assert ruleset.questions["saddle"].text in shown
    assert "[about_leg]" not in shown


def test_a_call_is_shown_as_json_with_sound_and_trace(ruleset, capsys):
    call_id = stored_call(ruleset, "q.saddle")
    settings = load_settings()
    with closing(open_store(settings)) as store:
        audio = CallAudio(private_folder(settings.audio_dir), call_id, 100)
        audio.write(bytes(160), bytes(160))
        store.add_audio(audio.close())
        store.delete_words(call_id)
    assert run(["calls", "show", call_id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [file["side"] for file in told["audio"]] == ["caller", "line"]
    assert [rule["id"] for rule in told["trace"] if rule["fired"]] == ["cauda-saddle"]
    assert {line["text"] for line in told["transcript"] if line["meaning"]} == {None}
    assert told["turn_gap_ms"][0] == 600
    run(["calls", "show", call_id])
    assert "[words deleted]" in capsys.readouterr().out


def test_calls_are_exported_as_documents_and_as_a_table(ruleset, capsys):
    ids = {stored_call(ruleset, "q.saddle"), stored_call(ruleset, hang_up_after=2)}
    assert run(["calls", "export", "--all"]) == 0
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {document["call_id"] for document in documents} == ids
    assert run(["calls", "export", "--format", "csv", *sorted(ids)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["call_id"] for row in rows] == sorted(ids)


def test_calls_are_exported_as_fhir_bundles_one_a_line(ruleset, capsys):
    ids = {stored_call(ruleset, "q.saddle"), stored_call(ruleset, hang_up_after=2)}
    assert run(["calls", "export", "--all", "--format", "fhir"]) == 0
    bundles = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {bundle["identifier"]["value"] for bundle in bundles} == ids
    (said,) = (
        entry["resource"] for entry in bundles[0]["entry"] if entry["resource"]["resourceType"] == "Communication"
    )
    assert not any("line: [" in payload["contentString"] for payload in said["payload"])


@pytest.mark.parametrize(
    "arguments",
    [["show", "nobody"], ["export", "nobody"], ["export"], ["export", "--all", "x"], ["list", "--before", "nobody"]],
)
def test_a_call_nobody_knows_is_bad_input(arguments, capsys):
    assert run(["calls", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err


def test_a_database_that_cannot_be_reached_cannot_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'missing' / 'voicebot.db'}")
    assert run(["calls", "list"]) == 3
    assert "The database refused" in capsys.readouterr().err
