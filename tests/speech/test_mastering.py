import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from voicebot.speech.codec import FLOOR_DB, RATE
from voicebot.speech.mastering import EDGE_MS, LEVEL_DB, PEAK_DB, active_level_db, master, peak_db

EDGE = EDGE_MS * RATE // 1000


def tone(ms, amplitude):
    return np.rint(amplitude * np.sin(2 * np.pi * 400 * np.arange(ms * RATE // 1000) / RATE)).astype(np.int16)


def silence(ms):
    return np.zeros(ms * RATE // 1000, dtype=np.int16)


@pytest.mark.parametrize("amplitude", [300, 3000, 30000])
def test_soft_and_loud_speech_come_to_one_level(amplitude):
    assert active_level_db(master(tone(500, amplitude))) == pytest.approx(LEVEL_DB, abs=0.3)


def test_pauses_do_not_make_speech_louder():
    paused = np.concatenate([tone(500, 3000), silence(2000), tone(500, 3000)])
    assert active_level_db(paused) == pytest.approx(active_level_db(tone(500, 3000)), abs=0.1)


def test_a_loud_click_keeps_its_headroom():
    speech = tone(500, 1000)
    speech[2000] = 32767
    assert peak_db(master(speech)) == pytest.approx(PEAK_DB, abs=0.1)


def test_dead_air_at_the_edges_is_cut_and_the_pause_inside_kept():
    speech = master(np.concatenate([silence(700), tone(400, 3000), silence(300), tone(400, 3000), silence(900)]))
    assert len(speech) / RATE * 1000 == pytest.approx(1100 + 2 * EDGE_MS, abs=40)
    assert not speech[:EDGE].any()
    assert not speech[-EDGE:].any()


def test_a_weak_ending_is_not_cut():
    """A final f is some 35 dB softer than the vowel before it."""
    speech = master(np.concatenate([tone(300, 12000), tone(100, 200)]))
    assert len(speech) / RATE * 1000 == pytest.approx(400 + 2 * EDGE_MS, abs=20)


@pytest.mark.parametrize("length", [0, 1, 7, 8000])
def test_silence_stays_silence(length):
    quiet = np.zeros(length, dtype=np.int16)
    assert not master(quiet).any()
    assert active_level_db(quiet) == peak_db(quiet) == FLOOR_DB


@given(arrays.arrays(np.int16, st.integers(0, 2000), elements=st.integers(-32768, 32767)))
def test_nothing_is_ever_louder_than_the_headroom_allows(samples):
    assert peak_db(master(samples)) <= PEAK_DB + 0.1 or np.abs(samples.astype(int)).max() < 10
