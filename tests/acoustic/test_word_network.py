import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the word network is trained with PyTorch, in the acoustic extra")

from acoustic.export_words import export_words  # noqa: E402 - after the check that PyTorch is there
from acoustic.word_network import WordDesign, WordNetwork  # noqa: E402
from voicebot.speech.log_mel import log_mel  # noqa: E402
from voicebot.speech.second_opinion import load_second_opinions  # noqa: E402


@pytest.fixture
def network():
    torch.manual_seed(3)
    network = WordNetwork(WordDesign(("yes", "no", "other", "nothing"), hidden=24, dilations=(1, 2)))
    network.mean[:] = torch.randn(40)
    for norm in network.norms:
        norm.running_mean.normal_(0.3, 0.1)
        norm.running_var.uniform_(0.5, 2.0)
        norm.weight.data.uniform_(0.5, 2.0)
        norm.bias.data.normal_()
    return network.eval()


@pytest.mark.parametrize("samples", [4000, 4080, 9973])
def test_the_line_computes_what_was_trained(network, tmp_path, samples):
    sound = np.random.default_rng(samples).normal(0, 2000, samples).astype(np.int16)
    spectrum = log_mel(sound)
    with torch.no_grad():
        logits = network(torch.from_numpy(spectrum)[None], torch.tensor([len(spectrum)]))
    export_words([network], tmp_path)
    exported = load_second_opinions(tmp_path)[0].probabilities(spectrum)
    assert exported == pytest.approx(logits.softmax(1)[0].numpy(), abs=5e-3)


def test_what_lies_beyond_an_utterance_changes_nothing(network):
    spectrum = torch.randn(1, 80, 40)
    padded = torch.cat([spectrum, torch.randn(1, 30, 40)], 1)
    with torch.no_grad():
        alone, beside = network(spectrum, torch.tensor([80])), network(padded, torch.tensor([80]))
    assert beside == pytest.approx(alone, abs=1e-4)
