"""The bundled network is read and written back byte for byte, and its forward pass looks where it says."""

import numpy as np
import pytest

from acoustic.nnet3 import PHONE_IDS, Layer, forward, pdfs, read_model, write_model
from voicebot import assets

BUNDLED = (assets.MODEL / "am" / "final.mdl").read_bytes()


def test_the_bundled_network_is_written_back_to_the_byte():
    assert write_model(read_model(BUNDLED), coefficients=32) == BUNDLED


def test_the_phones_are_those_of_the_bundled_graph():
    listed = (assets.MODEL / "graph" / "phones.txt").read_text("utf-8").splitlines()
    assert [f"{name} {number}" for name, number in PHONE_IDS.items()] == listed


def test_the_place_in_a_word_does_not_change_the_sound():
    assert pdfs("SIL") == (0, 1)
    assert {pdfs(f"AA_{place}") for place in "BEIS"} == {(2, 3)}
    assert pdfs("ZH_E") == (78, 79)


def test_each_output_sees_the_frames_at_its_offsets_and_the_edges_again():
    layers = [Layer((-6, 3), np.array([[1, 100]], np.float32), np.zeros(1, np.float32))]
    layers.append(Layer((0,), np.ones((1, 1), np.float32), np.zeros(1, np.float32)))
    frames = np.arange(1, 9, dtype=np.float32)[:, None]
    # outputs at frames 0, 3 and 6: frames -6, -3, 0 are the first, frame 9 is the last
    assert forward(layers, frames).ravel().tolist() == [1 + 400, 1 + 700, 1 + 800]


def test_only_the_last_layer_may_be_negative():
    hidden = Layer((0,), np.array([[-1]], np.float32), np.zeros(1, np.float32))
    last = Layer((0,), np.array([[1]], np.float32), np.array([-5], np.float32))
    assert forward([hidden, last], np.array([[2.0], [2.0], [2.0], [-3.0]])).ravel().tolist() == [-5, -2]


@pytest.mark.parametrize("size", [0, 1, 200, 100_000, len(BUNDLED) - 1000])
def test_a_broken_file_is_refused(size):
    with pytest.raises(ValueError, match=r"byte|ends"):
        read_model(BUNDLED[:size])
