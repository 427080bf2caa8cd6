"""The features are those that the bundled model's settings describe."""

import numpy as np
import pytest

from voicebot import assets

features = pytest.importorskip("acoustic.features", reason="kaldi-native-fbank is not installed", exc_type=ImportError)


def test_the_settings_are_those_of_the_bundled_model():
    assert (assets.MODEL / "conf" / "mfcc.conf").read_text("utf-8") == features.MFCC_CONF


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (199, 0), (200, 1), (279, 1), (280, 2), (8000, 98)])
def test_only_whole_frames_count(samples, frames):
    assert features.mfcc(np.ones(samples)).shape == (frames, 32)


def test_silence_has_finite_features():
    assert np.isfinite(features.mfcc(np.zeros(800))).all()


def test_the_same_sound_always_has_the_same_features():
    sound = np.random.default_rng(0).normal(0, 100, 1600)
    np.testing.assert_array_equal(features.mfcc(sound), features.mfcc(sound))
