"""`voicebot simulate` and `voicebot talk` as a person runs them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from voicebot.cli import run

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FIELDS = {
    "scenario",
    "mode",
    "seed",
    "passed",
    "outcome",
    "urgency",
    "destinations",
    "rules",
    "answers",
    "questions_asked",
    "call_id",
    "turn_gap_ms",
    "failures",
}


@pytest.fixture
def failing(tmp_path):
    path = tmp_path / "failing.toml"
    path.write_text('about = "x"\n[answers]\nface_droop = "yes"\n[expect]\nurgency = 1\n')
    return str(path)


def test_json_is_one_line_a_run(capsys):
    assert run(["simulate", str(SCENARIOS / "stroke.toml"), "--callers", "2", "--seed", "4", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["scenario"], line["seed"]) for line in lines] == [("stroke", 4), ("stroke", 5)]
    assert set(lines[0]) >= FIELDS
    assert lines[0]["urgency"] == 5
    assert lines[0]["questions_asked"] == 1


def test_a_scenario_that_fails_is_a_verdict(failing, capsys):
    assert run(["simulate", failing, "--json"]) == 1
    (failure,) = json.loads(capsys.readouterr().out)["failures"]
    assert (failure["check"], failure["expected"], failure["got"]) == ("urgency", 1, 5)
    assert failure["at_ms"] > 0


def test_check_prints_only_what_failed(failing, capsys):
    assert run(["simulate", str(SCENARIOS / "stroke.toml"), failing, "--check"]) == 1
    out = capsys.readouterr().out
    assert "FAILED  failing [0]: call_911, urgency 5" in out
    assert "stroke [0]" not in out
    assert "1 of 2 calls" in out


def test_a_broken_scenario_is_bad_input(tmp_path, capsys):
    (tmp_path / "broken.toml").write_text("about = 1\n")
    assert run(["simulate", str(tmp_path)]) == 2
    assert "broken.toml: about: " in capsys.readouterr().err


def test_a_report_is_written(tmp_path):
    assert run(["simulate", str(SCENARIOS / "tia.toml"), "--report", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.html", "junit.xml"}


def test_a_server_that_needs_settings_says_so(capsys, monkeypatch):
    monkeypatch.delenv("VOICEBOT_TWILIO_AUTH_TOKEN", raising=False)
    arguments = ["simulate", str(SCENARIOS / "tia.toml"), "--mode", "wire", "--server", "http://127.0.0.1:9"]
    assert run(arguments) == 2
    assert "VOICEBOT_TWILIO_AUTH_TOKEN" in capsys.readouterr().err


def test_talking_by_keyboard(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nmumble\n\nyeah\n"))
    assert run(["talk"]) == 0
    out = capsys.readouterr().out
    assert "line: Are you calling about" in out
    assert "The line was quiet" in out or "The line is still quiet" in out
    assert "outcome: call_911" in out
    assert "rule: stroke-face (level 5) because face_droop=yes" in out


def test_where_a_caller_is_is_typed_and_understood_by_nothing(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\nyes\nno\nyes\nno, by the old mill\n"))
    assert run(["talk"]) == 0
    out = capsys.readouterr().out
    assert "(pages staff: refused 911)" in out
    assert "you (recorded):  no, by the old mill" in out
    assert "outcome: nurse" in out


def test_the_end_of_the_input_hangs_up(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert run(["talk"]) == 0
    assert "outcome: hung_up" in capsys.readouterr().out
