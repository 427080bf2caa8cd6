import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech import codec

EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)


@pytest.fixture
def audioop():
    """The standard library's own codec, which Python 3.13 no longer has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pytest.importorskip("audioop")


def test_every_code_decodes_as_the_standard_library_does(audioop):
    assert codec.decode(bytes(range(256))).tobytes() == audioop.ulaw2lin(bytes(range(256)), 2)


def test_every_sample_encodes_as_the_standard_library_does(audioop):
    assert codec.encode(EVERY_SAMPLE) == audioop.lin2ulaw(EVERY_SAMPLE.tobytes(), 2)


def test_silence_is_mulaw_zero():
    assert codec.encode(np.zeros(3, np.int16)) == codec.SILENCE * 3
    assert not codec.decode(codec.SILENCE * 3).any()


@given(st.binary(max_size=400))
def test_a_second_trip_through_the_codec_changes_nothing(mulaw):
    samples = codec.decode(mulaw)
    assert (codec.decode(codec.encode(samples)) == samples).all()


@pytest.mark.parametrize(
    ("samples", "db"),
    [
        (np.full(100, -32768), 0.0),
        (np.full(100, 3277), -20.0),
        (np.zeros(100), codec.FLOOR_DB),
        (np.zeros(0), codec.FLOOR_DB),
    ],
)
def test_level_is_relative_to_full_scale(samples, db):
    assert codec.level_db(samples.astype(np.int16)) == pytest.approx(db, abs=0.01)


@given(st.binary(max_size=400))
def test_the_level_of_mulaw_is_that_of_its_samples(mulaw):
    assert codec.mulaw_level_db(mulaw) == pytest.approx(codec.level_db(codec.decode(mulaw)), abs=1e-9)
