import numpy as np
import pytest

from voicebot.speech.codec import RATE, encode
from voicebot.speech.mastering import master
from voicebot.speech.prompt_audit import faults, measure
from voicebot.speech.voice import Sound

TEN_WORDS = "one two three four five six seven eight nine ten"


def sound(text, seconds, gain=1.0):
    tone = np.rint(3000 * np.sin(np.arange(int(seconds * RATE)) / 3)).astype(np.int16)
    return Sound(text, encode((master(tone) * gain).astype(np.int16)))


def test_measures_length_pace_and_level():
    measures = measure(sound(TEN_WORDS, 3.0))
    assert measures.duration_ms == pytest.approx(3100, abs=20)
    assert measures.words_per_minute == pytest.approx(200, abs=2)
    assert measures.level_dbfs == pytest.approx(-20.0, abs=0.2)
    assert measures.peak_dbfs == pytest.approx(-17.0, abs=0.3)


def test_a_prompt_of_usual_length_level_and_pace_is_in_order():
    assert not list(faults(sound(TEN_WORDS, 3.5)))
    assert not list(faults(sound("Yes.", 0.4)))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (sound(" ".join([TEN_WORDS] * 6), 25), "takes 25 s"),
        (sound(TEN_WORDS, 1.0), "words a minute"),
        (sound(TEN_WORDS, 8.0), "words a minute"),
        (sound(TEN_WORDS, 3.5, gain=0.3), "has a level of"),
        (sound(TEN_WORDS, 3.5, gain=8), "peaks at"),
        (Sound(TEN_WORDS, b""), "words a minute"),
    ],
)
def test_a_prompt_that_would_sound_wrong_is_told(heard, expected):
    assert any(expected in fault for fault in faults(heard))
