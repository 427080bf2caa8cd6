import json

import numpy as np
import pytest
import soundfile

from voicebot import assets
from voicebot.cli import run


@pytest.fixture(scope="module")
def rendered_folder(tmp_path_factory):
    """A data folder with every prompt rendered by the real voice."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("VOICEBOT_DATA_DIR", str(folder))
        assert run(["prompts", "render"]) == 0
    return folder


@pytest.fixture
def rendered(rendered_folder, monkeypatch):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(rendered_folder))
    return rendered_folder / "prompts"


@pytest.fixture
def prompts_folder(tmp_path, monkeypatch):
    """A copy of the prompts, free to change."""
    folder = tmp_path / "en"
    (folder / "recordings").mkdir(parents=True)
    for file in assets.PROMPTS.glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(assets, "PROMPTS", folder)
    return folder


def output(capsys):
    return json.loads(capsys.readouterr().out)


def test_the_shipped_prompts_are_in_order(rendered, capsys):
    assert run(["prompts", "check", "--json"]) == 0
    told = output(capsys)
    assert told["missing"] == told["stale"] == told["faults"] == []
    greeting = next(row for row in told["prompts"] if row["id"] == "greeting")
    assert greeting["source"] == "voice"
    assert greeting["duration_ms"] < 16_000
    assert "nine one one" in greeting["text"]


def test_rendering_again_renders_nothing(rendered, capsys):
    assert run(["prompts", "render", "--json"]) == 0
    told = output(capsys)
    assert told["prompts"] > 100
    assert (told["rendered"], told["recorded"], told["removed"]) == (0, 0, 0)


def test_a_changed_text_is_missing_until_it_is_rendered(rendered, prompts_folder, capsys):
    call = prompts_folder / "call.yaml"
    call.write_text(call.read_text().replace("goodbye: Thank you for calling.", "goodbye: Thank you."))
    assert run(["prompts", "check"]) == 1
    told = capsys.readouterr().out
    assert "goodbye: is not rendered yet" in told
    assert "no prompt says this any more" in told


def test_a_recording_shows_as_one_and_a_wrong_one_is_found(rendered, prompts_folder, capsys):
    """A second of sound does not say the greeting."""
    soundfile.write(prompts_folder / "recordings" / "greeting.wav", 0.1 * np.sin(np.arange(16000) / 5), 16000)
    assert run(["prompts", "check", "--json"]) == 1
    told = output(capsys)
    assert next(row for row in told["prompts"] if row["id"] == "greeting")["source"] == "recording"
    assert [fault["id"] for fault in told["faults"]] == ["greeting"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("goodbye: Thank you", "goodbye: Call 911. Thank you"), "goodbye holds digits (911)"),
        (("goodbye: ", "good_bye: "), "goodbye is missing"),
        (("goodbye: Thank you", "goodbye: Thank you, {name}"), "does not tell the values of slot name"),
    ],
)
def test_broken_prompts_stop_every_command_with_file_and_line(rendered, prompts_folder, capsys, change, expected):
    call = prompts_folder / "call.yaml"
    call.write_text(call.read_text().replace(*change))
    for command in ("check", "render"):
        assert run(["prompts", command]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert expected in err


def test_a_recording_for_no_prompt_stops_every_command(rendered, prompts_folder, capsys):
    (prompts_folder / "recordings" / "greting.wav").write_bytes(b"")
    assert run(["prompts", "check"]) == 2
    assert "there is no prompt greting" in capsys.readouterr().err


def test_checking_an_empty_data_folder_makes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))
    assert run(["prompts", "check", "--json"]) == 1
    told = output(capsys)
    assert "greeting" in told["missing"]
    assert told["prompts"] == []
    assert not (tmp_path / "data").exists()
