"""The command line as a whole: every command is there, and errors are one sentence with the right exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from voicebot.cli import COMMANDS, run


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name, capsys):
    assert run([name, "--help"]) == 0
    assert "Usage: voicebot" in capsys.readouterr().out


def test_an_unknown_command_is_bad_input(capsys):
    assert run(["sing"]) == 2
    assert "sing" in capsys.readouterr().err


def test_a_broken_file_is_one_sentence_and_exit_2(tmp_path, capsys):
    broken = tmp_path / "rules.yaml"
    broken.write_text("id: [", encoding="utf-8")
    assert run(["rules", "check", str(broken)]) == 2
    error = capsys.readouterr().err
    assert "rules.yaml:1" in error
    assert "Traceback" not in error


def test_wrong_settings_are_all_told_at_once(monkeypatch, capsys):
    monkeypatch.setenv("VOICEBOT_PORT", "ninety")
    monkeypatch.setenv("VOICEBOT_LINE_NUMBER", "12")
    assert run(["serve"]) == 2
    error = capsys.readouterr().err
    assert "VOICEBOT_PORT" in error
    assert "VOICEBOT_LINE_NUMBER" in error


def test_serving_without_a_token_is_refused_before_a_call_can_come(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))
    assert run(["serve"]) == 3
    error = capsys.readouterr().err
    assert "VOICEBOT_TWILIO_AUTH_TOKEN" in error
    assert "VOICEBOT_FRONT_DESK_NUMBER" in error


def test_the_help_loads_no_speech_library():
    code = "import sys; from voicebot.cli import run; run(['--help']); print({'vosk', 'flask'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")
