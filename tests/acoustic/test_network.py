"""The network looks as far as its design says, and no further."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("kaldi_native_fbank", reason="the extra acoustic is not installed")

import torch

from acoustic.network import Design, PhoneNetwork, spliced_rows


def test_the_design_hears_120_ms_ahead_and_300_ms_back():
    design = Design()
    assert 3 * design.right + design.splice == 12
    assert 3 * design.left + design.splice == 30


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 100])
def test_the_edges_are_heard_again(frames):
    design = Design()
    rows = spliced_rows(frames, design)
    outputs = -(-frames // 3)
    assert rows.shape == (design.left + outputs + design.right, 7)
    assert rows.min() == 0
    assert rows.max() == frames - 1
    assert rows[design.left, design.splice] == 0


def test_what_lies_outside_makes_no_difference(network, outputs_of):
    frames, at = 60, 10
    features = np.random.default_rng(0).normal(0, 15, (frames, 32)).astype(np.float32)
    heard = outputs_of(network, features)[at]
    ahead = 3 * network.design.right + network.design.splice
    back = 3 * network.design.left + network.design.splice
    for frame, matters in ((3 * at + ahead, True), (3 * at + ahead + 1, False), (3 * at - back, True)):
        changed = features.copy()
        changed[frame] += 50
        assert (not np.allclose(outputs_of(network, changed)[at], heard, atol=1e-6)) == matters
    assert 3 * at - back > 0
    changed = features.copy()
    changed[3 * at - back - 1] += 50
    np.testing.assert_allclose(outputs_of(network, changed)[at], heard, atol=1e-6)


def test_every_layer_learns():
    torch.manual_seed(0)
    network = PhoneNetwork(Design(hidden=8))
    inputs = torch.randn(2, network.design.left + 5 + network.design.right, network.design.inputs)
    scores = network(inputs)
    assert scores.shape == (2, 5, 80)
    scores.square().sum().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in network.parameters())
