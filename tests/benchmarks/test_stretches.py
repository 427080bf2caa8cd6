import numpy as np
import pytest
import soundfile

from benchmarks.hearing_parts import stretches
from benchmarks.hearing_parts.stretches import at_rms, key_tones, synthetic_music, tones
from voicebot.speech.codec import level_db


def peaks(sound, count):
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    found = []
    for _ in range(count):
        top = int(power.argmax())
        found.append(round(top * 8000 / len(sound)))
        power[max(0, top - 20) : top + 20] = 0
    return sorted(found)


def test_keys_sound_as_they_must():
    second = key_tones(0.1, 0.1)
    pressed = [second[start : start + 800] for start in range(0, 16 * 1600, 1600)]
    named = dict(zip("123A456B789C*0#D", pressed, strict=True))
    for key, (low, high) in {"1": (697, 1209), "5": (770, 1336), "0": (941, 1336), "D": (941, 1633)}.items():
        assert peaks(np.pad(named[key], 3600), 2) == pytest.approx([low, high], abs=2)
    assert not second[800:1600].any()
    assert len(second) == 60 * 8000


def test_levels_are_as_told():
    assert level_db(at_rms(tones((440,), 1.0), -20)) == pytest.approx(-20, abs=0.05)
    assert level_db(at_rms(np.random.default_rng(0).standard_normal(8000), -65)) == pytest.approx(-65, abs=0.3)


def test_music_lasts_a_minute_and_is_never_silent_for_long():
    music = synthetic_music(96, np.random.default_rng(0))
    assert len(music) == 60 * 8000
    assert np.abs(music.reshape(60, -1)).max(axis=1).min() > 0.1


def test_recordings_of_music_are_cut_into_minutes(tmp_path):
    soundfile.write(tmp_path / "tune.wav", np.random.default_rng(0).uniform(-0.5, 0.5, 8000 * 70), 8000)
    found = list(stretches.recorded_music(tmp_path))
    assert [stretch.name for stretch in found] == ["tune, minute 1", "tune, minute 2"]
    assert [len(stretch.samples) for stretch in found] == [480_000, 80_000]
    assert level_db(found[0].samples) == pytest.approx(stretches.MUSIC_DB, abs=0.1)
