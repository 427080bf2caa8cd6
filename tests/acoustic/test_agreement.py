"""Stock Vosk computes from the same audio what the network says: features, edges, offsets, rounding and file format.

Vosk gets a graph whose only path passes through one phone, a frame at a time. What it calls confidence is then the sum
of that phone's outputs, to be compared with the sum over the layers' own.
"""

import json
import shutil
import struct
from functools import partial

import numpy as np
import pytest
from vosk import KaldiRecognizer, Model

from acoustic import nnet3
from acoustic.kaldi_format import CompressedMatrix
from voicebot import assets

features = pytest.importorskip("acoustic.features", reason="kaldi-native-fbank is not installed", exc_type=ImportError)
OFFSETS = ((-3, -2, -1, 0, 1, 2, 3), (-3, 0, 3), (-6, -3, 0), (0,))
"""A little of everything: splicing, looking both ways, looking back only."""


def some_layers():
    rng = np.random.default_rng(1)
    widths = [features.COEFFICIENTS, 24, 24, 24, 80]
    layers = []
    for i, offsets in enumerate(OFFSETS):
        scale = 0.05 if i == 0 else 0.3
        matrix = rng.normal(0, scale, (widths[i + 1], len(offsets) * widths[i])).astype(np.float32)
        bias = rng.normal(0, 0.5, widths[i + 1]).astype(np.float32)
        layers.append(nnet3.Layer(offsets, CompressedMatrix.of(matrix) if i in {1, 2} else matrix, bias))
    return layers


def one_phone(phone):
    """HCLG.fst in OpenFST's binary form: the phone's first frame, then as many more as there are."""
    number = nnet3.PHONE_IDS[phone]
    arc = struct.Struct("<iifi").pack
    begin = struct.pack("<fq", np.inf, 1) + arc(2 * number, 1, 0.0, 1)
    stay = struct.pack("<fq", 0.0, 1) + arc(2 * number - 1, 0, 0.0, 1)
    name = b"".join(struct.pack("<i", len(text)) + text for text in (b"vector", b"standard"))
    return struct.pack("<i", 2125659606) + name + struct.pack("<iiQqqq", 2, 0, 3, 0, 2, 2) + begin + stay


def what_vosk_sums(model, samples):
    recognizer = KaldiRecognizer(model, features.SAMPLE_RATE)
    recognizer.SetMaxAlternatives(1)
    for start in range(0, len(samples), 160):
        recognizer.AcceptWaveform(samples[start : start + 160].tobytes())
    return json.loads(recognizer.FinalResult())["alternatives"][0]["confidence"]


def assert_agreement(folder, outputs_of, phone, rel=1e-5):
    (folder / "graph" / "HCLG.fst").write_bytes(one_phone(phone))
    model = Model(str(folder))
    first, stay = nnet3.pdfs(phone)
    rng = np.random.default_rng(2)
    for length in (6000, 6080, 6160, 11111):  # every remainder of frames by 3
        samples = (rng.normal(0, 800, length) * np.sin(np.arange(length) / 900)).astype(np.int16)
        outputs = outputs_of(features.mfcc(samples))
        expected = outputs[0, first] + outputs[1:, stay].sum()
        assert what_vosk_sums(model, samples) == pytest.approx(expected, rel=rel, abs=100 * rel)


@pytest.fixture
def folder(tmp_path):
    """The bundled model without a graph and without words' times, which one phone alone cannot give."""
    model = shutil.copytree(assets.MODEL, tmp_path / "model")
    for name in ("HCLr.fst", "Gr.fst", "phones/word_boundary.int"):
        (model / "graph" / name).unlink()
    return model


@pytest.mark.parametrize("phone", ["SIL", "Y_B", "ZH_S"])
def test_vosk_agrees_with_the_bundled_network(folder, phone):
    layers = nnet3.read_model((folder / "am" / "final.mdl").read_bytes())
    assert_agreement(folder, partial(nnet3.forward, layers), phone)


@pytest.mark.parametrize("phone", ["SIL", "OW_I", "S_E"])
def test_vosk_agrees_with_layers_of_every_kind(folder, phone):
    layers = some_layers()
    (folder / "am" / "final.mdl").write_bytes(nnet3.write_model(layers, features.COEFFICIENTS))
    assert_agreement(folder, partial(nnet3.forward, layers), phone)


@pytest.mark.parametrize("phone", ["SIL", "N_B", "OW_E"])
def test_vosk_agrees_with_pytorch(folder, network, outputs_of, phone):
    export_model = pytest.importorskip("acoustic.export_model", exc_type=ImportError)
    export_model.export(network, folder)
    # rounding to two bytes a number makes the difference
    assert_agreement(folder, partial(outputs_of, network), phone, rel=1e-3)
