"""What the exporter writes is the network that was trained."""

import numpy as np
import pytest

from voicebot import assets

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")

from acoustic.export_model import export, layers_of
from acoustic.kaldi_format import CompressedMatrix
from acoustic.network import STEP, load, save
from acoustic.nnet3 import forward, read_model


@pytest.mark.parametrize("frames", [1, 2, 3, 40, 41, 42])
def test_the_layers_compute_what_the_network_does(network, outputs_of, frames):
    features = np.random.default_rng(frames).normal(0, 15, (frames, 32)).astype(np.float32)
    expected = outputs_of(network, features)
    assert len(expected) == -(-frames // STEP)
    assert np.abs(expected).max() > 0.5
    np.testing.assert_allclose(forward(layers_of(network), features), expected, atol=2e-3)


def test_a_network_is_saved_and_loaded_with_its_design(network, outputs_of, tmp_path):
    save(network, tmp_path / "phones.pt", done=3)
    again = load(tmp_path / "phones.pt")
    features = np.random.default_rng(0).normal(0, 15, (30, 32)).astype(np.float32)
    assert again.design == network.design
    np.testing.assert_array_equal(outputs_of(again, features), outputs_of(network, features))


def test_the_folder_has_all_but_the_graph_and_keeps_how_the_decoder_is_set(network, tmp_path):
    size = export(network, tmp_path)
    assert (tmp_path / "am" / "final.mdl").stat().st_size == size
    for name in ("conf/model.conf", "conf/mfcc.conf", "graph/phones.txt", "graph/phones/word_boundary.int"):
        assert (tmp_path / name).read_text() == (assets.MODEL / name).read_text()


def test_large_matrices_take_two_bytes_a_number(network, tmp_path):
    export(network, tmp_path)
    written = read_model((tmp_path / "am" / "final.mdl").read_bytes())
    assert [isinstance(layer.matrix, CompressedMatrix) for layer in written] == [False, True, True, False]
