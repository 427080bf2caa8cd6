import csv
from pathlib import Path

import numpy as np
import pytest

from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.echo import KEPT_MS, MAX_DELAY_MS, OWN_VOICE, Echo, likeness

AUDIO = Path(__file__).parents[1] / "audio"
MS = codec.BYTES_PER_MS


def recorded(corpus):
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["path"].startswith(corpus)]
    return [read_audio(AUDIO / row["path"]).astype(float) for row in rows]


@pytest.fixture(scope="module")
def line():
    """Two seconds of somebody speaking, as the line plays it."""
    return np.concatenate([sound for sound in recorded("an4") if len(sound) > 800])[: 2000 * MS]


def at_telephone(sound):
    return codec.decode(codec.encode(np.clip(sound, -32768, 32767).astype(np.int16)))


def echo_of(played, delay_ms, rng, *, noise_db=None, length_ms=600):
    """Return the last `length_ms` of what comes back: delayed, 25 dB softer, colored by a room, under a noise."""
    room = np.zeros(200)
    room[[0, 23, 150]] = 1.0, 0.5, 0.3
    back = np.convolve(played, room)[: len(played)] * 10 ** (-25 / 20)
    back = back[len(back) - (delay_ms + length_ms) * MS : len(back) - delay_ms * MS]
    if noise_db is not None:
        back = back + rng.normal(size=len(back)) * back.std() * 10 ** (noise_db / 20)
    return at_telephone(back)


@pytest.mark.parametrize("delay_ms", [20, 140, 600])
@pytest.mark.parametrize("noise_db", [None, -10, 0])
def test_own_speech_is_known_at_any_delay_also_under_a_louder_noise(line, delay_ms, noise_db):
    heard = echo_of(line, delay_ms, np.random.default_rng(1), noise_db=noise_db)
    assert likeness(heard, at_telephone(line)[-1400 * MS :]) > OWN_VOICE


def loudest(sound, ms=500):
    """Return the loudest part of a recording, about where a recognizer finds the word."""
    start = int(np.convolve(sound**2, np.ones(ms * MS), "valid").argmax())
    return sound[start : start + ms * MS]


def test_others_are_not_taken_for_it(line):
    words = [loudest(sound) for sound in recorded("gsc") if len(sound) >= 600 * MS][:40]
    alike = [likeness(at_telephone(word), at_telephone(line)[-1300 * MS :]) for word in words]
    assert len(alike) == 40
    assert sum(value >= OWN_VOICE for value in alike) <= 1


def test_a_caller_over_a_soft_echo_is_heard(line):
    words = [word for word in recorded("gsc") if len(word) >= 600 * MS][:20]
    own = 0
    for word in words:
        voice = loudest(word)
        back = line[-600 * MS : -100 * MS]
        heard = at_telephone(voice + back / back.std() * voice.std() / 10)
        own += likeness(heard, at_telephone(line)[-1400 * MS :]) >= OWN_VOICE
    assert own <= 1


def test_silence_is_like_nothing(line):
    silence = np.zeros(600 * MS, np.int16)
    assert likeness(silence, at_telephone(line)) == 0
    assert likeness(at_telephone(line)[: 600 * MS], np.zeros(1400 * MS, np.int16)) == 0
    assert likeness(at_telephone(line), silence) == 0


def test_times_are_the_calls_and_what_is_long_past_is_forgotten(line):
    rng = np.random.default_rng(2)
    echo = Echo(5000)
    echo.take(codec.SILENCE * (300 * MS), codec.SILENCE * (300 * MS))
    played = codec.encode(line.astype(np.int16))
    heard = codec.encode(echo_of(line, 0, rng, length_ms=2000))
    late = codec.SILENCE * (140 * MS)
    echo.take((late + heard)[: len(played)], played)
    assert echo.is_own_voice(5300 + 900, 5300 + 1500)
    echo.take(late, late)
    assert not echo.is_own_voice(5300 + 2000 + 101, 5300 + 2000 + 140)
    echo.take(codec.SILENCE * (KEPT_MS * MS), codec.SILENCE * (KEPT_MS * MS))
    assert not echo.is_own_voice(5300 + 900, 5300 + 1500)
    assert MAX_DELAY_MS < KEPT_MS


def test_whoever_speaks_after_the_line_is_not_compared_with_it(line):
    echo = Echo(0)
    played = codec.encode(line.astype(np.int16))
    echo.take(codec.SILENCE * len(played), played)
    echo.take(played[: 600 * MS], codec.SILENCE * (600 * MS))
    assert not echo.is_own_voice(2150, 2600)
