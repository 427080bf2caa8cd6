import numpy as np
import pytest

from voicebot.speech.log_mel import BANDS, HOP, WINDOW, log_mel


def tone(hertz, seconds=0.5):
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(int(8000 * seconds)) / 8000)).astype(np.int16)


def test_a_frame_begins_every_10_ms():
    assert log_mel(np.zeros(WINDOW, np.int16)).shape == (1, BANDS)
    assert log_mel(np.zeros(WINDOW + 9 * HOP, np.int16)).shape == (10, BANDS)


def test_too_little_sound_has_no_frames():
    assert log_mel(np.zeros(WINDOW - 1, np.int16)).shape == (0, BANDS)


def test_silence_is_finite():
    assert np.isfinite(log_mel(np.zeros(8000, np.int16))).all()


def test_higher_tones_lie_in_higher_bands():
    loudest = [int(log_mel(tone(hertz)).mean(axis=0).argmax()) for hertz in (200, 600, 1200, 2400, 3500)]
    assert loudest == sorted(set(loudest))


def test_ten_times_the_power_is_that_much_more_in_the_loudest_band():
    soft, loud = log_mel(tone(1000) // 10).max(), log_mel(tone(1000)).max()
    assert loud - soft == pytest.approx(np.log(100), abs=0.1)
