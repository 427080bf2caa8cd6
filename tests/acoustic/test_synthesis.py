import random
import shutil

import numpy as np
import pytest

pytest.importorskip("soxr")

from acoustic.synthesis import HELD_OUT, Order, orders, speak, spelled

PROGRAMS = ("espeak-ng", "flite", "festival")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason=f"the voices of {', '.join(PROGRAMS)} are not installed"
)


def draw(rng: random.Random):
    return rng.choice(["yes", "no"])


def test_voices_kept_for_scoring_never_train():
    trained = {order.voice.split("+")[-1] for order in orders(400, 1, draw)}
    scored = {order.voice.split("+")[-1] for order in orders(400, 1, draw, held_out=True)}
    assert scored <= HELD_OUT
    assert not trained & HELD_OUT


def test_a_clip_depends_on_its_number_and_the_seed_only():
    assert orders(50, 1, draw)[:20] == orders(20, 1, draw)
    assert orders(20, 1, draw) != orders(20, 2, draw)


def test_what_programs_would_spell_out_is_written_as_it_sounds():
    assert spelled("mm hmm") == "um hum"
    assert spelled("yes ma'am") == "yes mam"
    said, letters = (Order(text, "flite", "slt", 1.0, 0.5) for text in ("mm hmm", "m m h m m"))
    short, long = (next(iter(speak([order]))) for order in (said, letters))
    assert short.text == "mm hmm"
    assert len(short.samples) < 0.7 * len(long.samples)


def test_the_voices_speak():
    chosen = {order.engine: order for order in orders(60, 1, draw)}
    clips = list(speak(list(chosen.values())))
    assert {clip.speaker.split(":")[0] for clip in clips} == {"espeak", "flite", "festival"}
    assert all(1500 < len(clip.samples) < 16000 and np.abs(clip.samples.astype(int)).max() > 1000 for clip in clips)
    assert {clip.text for clip in clips} <= {"yes", "no"}
