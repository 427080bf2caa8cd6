import numpy as np
import pytest

pytest.importorskip("scipy", reason="the telephone channel is made with scipy, in the acoustic extra")

from acoustic.nobody import music, nobody, tones

NOISES = [np.random.default_rng(9).normal(0, 100, 4000)]


def test_nothing_is_said_for_one_to_four_seconds():
    clips = nobody(NOISES, 40, seed=1)
    assert {clip.text for clip in clips} == {""}
    assert all(8000 <= len(clip.samples) < 32000 for clip in clips)
    assert all(np.abs(clip.samples).max() > 0 for clip in clips)


def test_a_clip_depends_on_the_seed_and_its_number_only():
    few, many = nobody(NOISES, 3, seed=1), nobody(NOISES, 5, seed=1)
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(few, many, strict=False))
    assert not np.array_equal(few[0].samples, nobody(NOISES, 1, seed=2)[0].samples)


@pytest.mark.parametrize("make", [tones, music])
@pytest.mark.parametrize("seed", range(8))
def test_tones_and_tunes_are_sound_of_the_length_asked_for(make, seed):
    sound = make(9000, np.random.default_rng(seed))
    assert sound.shape == (9000,)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() > 0


def test_most_tones_have_most_of_their_energy_at_few_pitches():
    spectra = [np.abs(np.fft.rfft(tones(8000, np.random.default_rng(seed)))) ** 2 for seed in range(20)]
    assert sum(np.sort(spectrum)[-80:].sum() > 0.5 * spectrum.sum() for spectrum in spectra) > 10
