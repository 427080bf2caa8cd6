"""Where a caller is, taken down: when they are done, and when nothing was said."""

from __future__ import annotations

import numpy as np
import pytest

from voicebot.speech.codec import RATE, decode, encode, level_db
from voicebot.speech.place import DONE_AFTER_MS, TONE_MS, PlaceRecording, tone

FRAME = 160


def sound(ms, level_db=-60.0, seed=1):
    """Return noise of a level, as mu-law."""
    noise = np.random.default_rng(seed).normal(size=RATE * ms // 1000) * 10 ** (level_db / 20) * 32767
    return encode(noise.clip(-32000, 32000).astype(np.int16))


def speech(ms):
    """Return something with the level of speech: syllables of 150 ms, 100 ms apart."""
    return b"".join(sound(150, -20, seed) + sound(100, seed=seed) for seed in range(ms // 250))


def record(mulaw, max_ms=20_000, cut=FRAME):
    """Feed sound until the caller is done; return the recording and how much was fed, in ms."""
    recording = PlaceRecording(max_ms)
    for start in range(0, len(mulaw), cut):
        if recording.feed(mulaw[start : start + cut]):
            return recording, (start + cut) // 8
    return recording, None


def test_who_has_spoken_and_is_quiet_is_done():
    recording, done_ms = record(sound(1000) + speech(3000) + sound(10_000))
    assert 3800 + DONE_AFTER_MS <= done_ms <= 4200 + DONE_AFTER_MS
    assert len(recording.sound) == done_ms * 8


def test_a_pause_is_no_end():
    _, done_ms = record(speech(2000) + sound(2500) + speech(2000) + sound(10_000))
    assert done_ms >= 6300 + DONE_AFTER_MS


@pytest.mark.parametrize("silence", [sound(10_000), b"\xff" * 80_000])
def test_who_says_nothing_leaves_nothing(silence):
    recording, done_ms = record(silence)
    assert DONE_AFTER_MS <= done_ms <= DONE_AFTER_MS + 200
    assert recording.sound == b""


def test_a_click_is_nothing():
    recording, _ = record(sound(1000) + sound(60, -10) + sound(10_000))
    assert recording.sound == b""


def test_noise_that_never_ends_is_cut():
    babble = b"".join(sound(100, -15 - 15 * (piece % 2), seed=piece) for piece in range(300))
    recording, done_ms = record(babble, max_ms=5000)
    assert done_ms == 5000
    assert recording.ms == 5000


def test_how_sound_is_cut_into_pieces_changes_nothing():
    caller = sound(1000) + speech(2000) + sound(6000)
    one, other = record(caller, cut=FRAME)[0].sound, record(caller, cut=2 * FRAME)[0].sound
    assert one == other[: len(one)]
    assert len(other) - len(one) <= FRAME


def test_the_tone_is_short_and_neither_faint_nor_loud():
    assert len(tone()) == TONE_MS * 8
    assert -25 < level_db(decode(tone())) < -10
