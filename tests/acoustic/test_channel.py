import numpy as np
import pytest

pytest.importorskip("scipy", reason="the telephone channel is made with scipy, in the acoustic extra")

from acoustic.channel import FRAME, Surroundings, add_noise, babble, band, lose_frames, loudness, mulaw, pad, telephone

AROUND = Surroundings(
    speech=[np.random.default_rng(n).normal(0, 1000, 6000) for n in range(3)],
    noises=[np.random.default_rng(9).normal(0, 100, 4000)],
    rooms=[np.concatenate([np.zeros(10), [1.0], np.full(50, 0.1)])],
)


def rng(seed=0):
    return np.random.default_rng(seed)


def tone(hertz, samples=8000):
    return 8000 * np.sin(2 * np.pi * hertz * np.arange(samples) / 8000)


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_line_does_it_carries_mulaw(seed):
    sound = telephone(tone(700).astype(np.int16), rng(seed), AROUND, stretch=0.5)
    assert np.isfinite(sound).all()
    assert np.array_equal(sound, mulaw(sound))
    assert np.abs(sound).max() > 0


def test_the_same_seed_is_the_same_line():
    heard = [telephone(tone(700).astype(np.int16), rng(4), AROUND, stretch=0.5) for _ in range(2)]
    assert np.array_equal(*heard)
    assert not np.array_equal(
        heard[0], telephone(tone(700).astype(np.int16), rng(5), AROUND, stretch=0.5)[: len(heard[0])]
    )


@pytest.mark.parametrize(("hertz", "passes"), [(50, False), (1000, True), (3900, False)])
def test_a_band_keeps_what_is_inside(hertz, passes):
    assert (loudness(band(tone(hertz), 300, 3400)) > 0.7 * loudness(tone(hertz))) is passes


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_at_most_40_db_below_speech(seed):
    speech = tone(700)
    noise = add_noise(speech, rng(seed), AROUND) - speech
    assert -2.01 <= 20 * np.log10(loudness(speech) / loudness(noise)) <= 40


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_as_many_frames_are_lost_as_said(share):
    steady = np.full(FRAME * 5000, 1000.0)
    kept = [lose_frames(steady, rng(seed), share) for seed in range(20)]
    silenced = [np.mean(sound.reshape(-1, FRAME)[:, 0] == 0) for sound in kept]
    assert np.mean([lost for lost in silenced if lost]) == pytest.approx(share, rel=0.25)
    assert len(kept[0]) == len(steady)


def test_a_lost_frame_never_changes_the_sound_it_was_given():
    sound = tone(700)
    before = sound.copy()
    lose_frames(sound, rng(), 0.5)
    assert np.array_equal(sound, before)


def test_speech_is_padded_or_loses_its_first_moment():
    lengths = [len(pad(tone(700), rng(seed))) for seed in range(50)]
    assert min(lengths) >= 8000 - 480
    assert max(lengths) <= 8000 + 2 * 4800


def test_babble_is_as_long_as_asked():
    assert len(babble(12345, rng(), AROUND)) == 12345
