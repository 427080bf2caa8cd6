"""`voicebot doctor`: what is printed, and the exit code."""

from __future__ import annotations

import json

import pytest

from voicebot.cli import doctor as command
from voicebot.cli import run
from voicebot.doctor import Finding
from voicebot.doctor.findings import error, ok, warning
from voicebot.errors import Exit

FINE = Finding("disk", ok("Room enough."))
DOUBTFUL = Finding("clock", warning("The clock moved.", "Let it be set."))
WRONG = Finding("tokens", error("No token.", "Set one."))


@pytest.fixture(autouse=True)
def found(monkeypatch):
    """The findings the command is given."""
    findings = []
    monkeypatch.setattr(command, "examine", lambda _settings: iter(findings))
    return findings


@pytest.mark.parametrize(
    ("findings", "code"),
    [([FINE], Exit.DONE), ([FINE, DOUBTFUL], Exit.DONE), ([WRONG, FINE], Exit.VERDICT)],
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_only_an_error_is_a_verdict(found, findings, code, options):
    found += findings
    assert run(["doctor", *options]) == code


def test_json_is_the_list_of_findings_and_nothing_else(found, capsys):
    found += [FINE, WRONG]
    run(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out) == [
        {"name": "disk", "status": "ok", "what": "Room enough.", "remedy": ""},
        {"name": "tokens", "status": "error", "what": "No token.", "remedy": "Set one."},
    ]


def test_each_finding_is_told_with_its_remedy(found, capsys):
    found += [FINE, WRONG]
    run(["doctor"])
    fine, wrong, remedy = capsys.readouterr().out.splitlines()
    assert fine.split(maxsplit=2) == ["ok", "disk", "Room enough."]
    assert wrong.split(maxsplit=2) == ["error", "tokens", "No token."]
    assert remedy.strip() == "Set one."


def test_wrong_settings_are_told_at_once(monkeypatch, capsys):
    monkeypatch.setenv("VOICEBOT_PORT", "many")
    assert run(["doctor"]) == Exit.BAD_INPUT
    assert "VOICEBOT_PORT" in capsys.readouterr().err
