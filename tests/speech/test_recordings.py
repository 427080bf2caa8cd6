import numpy as np
import pytest
import soundfile

from voicebot.errors import VoicebotError
from voicebot.speech.codec import decode
from voicebot.speech.mastering import LEVEL_DB, active_level_db
from voicebot.speech.prompt_file import Prompt
from voicebot.speech.prompts import Prompts
from voicebot.speech.recordings import read_recordings

PROMPTS = Prompts(
    {
        "no_input.1": Prompt("no_input.1", "I did not hear you."),
        "confirm": Prompt("confirm", "I heard {answer}.", {"answer": ("yes", "no")}),
    }
)


def record(path, rate=48000, channels=1, amplitude=0.02, seconds=1.0):
    tone = amplitude * np.sin(2 * np.pi * 300 * np.arange(int(rate * seconds)) / rate)
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("no_input.1.wav", {"rate": 8000}),
        ("no_input.1.wav", {"rate": 44100, "channels": 2}),
        ("no_input.1.flac", {"rate": 48000}),
    ],
)
def test_a_recording_of_any_rate_comes_to_the_line_at_its_level(tmp_path, name, options):
    record(tmp_path / name, **options)
    (tmp_path / "README.md").write_text("how to record")
    (tmp_path / ".DS_Store").write_bytes(b"")
    sounds = read_recordings(tmp_path, PROMPTS)
    assert list(sounds) == ["no_input.1"]
    assert len(sounds["no_input.1"]) / 8000 == pytest.approx(1.1, abs=0.05)
    assert active_level_db(decode(sounds["no_input.1"])) == pytest.approx(LEVEL_DB, abs=0.5)


def test_no_folder_means_no_recordings(tmp_path):
    assert read_recordings(tmp_path / "none", PROMPTS) == {}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["greting.wav"], "greting.wav: there is no prompt greting"),
        (["confirm.wav"], "confirm.wav: prompt confirm has slots"),
        (["no_input.1.wav", "no_input.1.flac"], "no_input.1.wav: prompt no_input.1 has another recording"),
    ],
)
def test_a_recording_that_fits_no_prompt_is_refused_by_name(tmp_path, names, expected):
    for name in names:
        record(tmp_path / name)
    with pytest.raises(VoicebotError) as caught:
        read_recordings(tmp_path, PROMPTS)
    assert caught.value.code == "recordings_broken"
    assert expected in str(caught.value)


def test_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "no_input.1.mp3").write_bytes(b"ID3")
    with pytest.raises(VoicebotError, match="no WAV or FLAC"):
        read_recordings(tmp_path, PROMPTS)


def test_a_silent_recording_is_refused_as_it_would_be_dead_air(tmp_path):
    record(tmp_path / "no_input.1.wav", amplitude=0)
    with pytest.raises(VoicebotError, match="silent"):
        read_recordings(tmp_path, PROMPTS)


def test_a_broken_recording_is_refused(tmp_path):
    (tmp_path / "no_input.1.wav").write_bytes(b"RIFF....")
    with pytest.raises(VoicebotError, match="not a sound file"):
        read_recordings(tmp_path, PROMPTS)
