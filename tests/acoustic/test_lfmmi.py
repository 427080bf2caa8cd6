"""The sums over paths are those of counting every path one by one, and their gradients those of nudging every score."""

import itertools
import math

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")

import torch

from acoustic.lfmmi import Graphs, log_likelihood
from acoustic.phone_graphs import PhoneBigram, PhoneGraph

LEXICON = {"yes": (("Y", "EH", "S"),), "no": (("N", "OW"),), "a": (("AH",), ("EY",))}


def small_graph():
    """Three nodes over two phones, with two ways from the first to the last."""
    arcs = np.array([[0, 1], [1, 2], [0, 2]])
    weights = np.array([0.5, 0.25, 0.125])
    ends = np.array([0, 0.5, 0.75])
    return PhoneGraph(np.array([0, 1, 0]), arcs[:, 0], arcs[:, 1], weights, np.array([0.9, 0.1, 0]), ends)


def counted(scores, graph):
    """The log of the sum over all paths, each counted: a frame is the first one in a node, or stays in it."""
    total = 0.0
    steps = {(s, t): w for s, t, w in zip(graph.source, graph.target, graph.weight, strict=True)}
    for path in itertools.product(itertools.product(range(len(graph.phones)), (False, True)), repeat=len(scores)):
        (first, stays), *_ = path
        weight = 0.0 if stays else graph.begin[first] * graph.end[path[-1][0]]
        for (before, _), (node, stays) in itertools.pairwise(path):
            weight *= float(before == node) if stays else steps.get((before, node), 0.0)
        if weight:
            total += weight * math.exp(sum(scores[t][2 * graph.phones[n] + s] for t, (n, s) in enumerate(path)))
    return math.log(total)


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_the_sum_is_over_every_path(frames):
    torch.manual_seed(frames)
    scores = torch.randn(1, frames, 4, dtype=torch.double)
    found = log_likelihood(scores, torch.tensor([frames]), Graphs.batch([small_graph()]))
    assert float(found) == pytest.approx(counted(scores[0].tolist(), small_graph()))


@pytest.mark.parametrize("shared", [False, True])
def test_the_gradient_is_that_of_nudging_every_score(shared):
    torch.manual_seed(1)
    lengths = torch.tensor([5, 3])
    graph = Graphs.shared(small_graph()) if shared else Graphs.batch([small_graph()] * 2)
    scores = torch.randn(2, 5, 4, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda given: log_likelihood(given, lengths, graph), scores)


def test_utterances_of_a_batch_do_not_touch_each_other():
    bigram = PhoneBigram({"yes": 1, "no a": 1}, LEXICON)
    torch.manual_seed(2)
    scores = torch.randn(2, 12, 80, dtype=torch.double)
    graphs = [bigram.spoken("yes", LEXICON), bigram.spoken("no a", LEXICON)]
    lengths = torch.tensor([12, 9])
    both = log_likelihood(scores, lengths, Graphs.batch(graphs))
    for i, graph in enumerate(graphs):
        alone = log_likelihood(scores[i : i + 1, : lengths[i]], lengths[i : i + 1], Graphs.batch([graph]))
        assert float(alone) == pytest.approx(float(both[i]))


def test_what_was_said_is_a_part_of_everything():
    bigram = PhoneBigram({"yes": 1, "no a": 1}, LEXICON)
    scores = 5 * torch.randn(1, 12, 80, dtype=torch.double)
    lengths = torch.tensor([12])
    said = log_likelihood(scores, lengths, Graphs.batch([bigram.spoken("yes", LEXICON)]))
    assert float(said) < float(log_likelihood(scores, lengths, Graphs.shared(bigram.everything())))


def test_an_utterance_too_short_for_its_words_is_hopeless_and_teaches_nothing():
    bigram = PhoneBigram({"yes": 1}, LEXICON)
    scores = torch.randn(1, 2, 80, requires_grad=True)
    found = log_likelihood(scores, torch.tensor([2]), Graphs.batch([bigram.spoken("yes", LEXICON)]))
    found.sum().backward()
    assert float(found.detach()) < -300
    assert not scores.grad.any()


def test_long_and_unlikely_speech_is_somewhere_in_every_frame():
    bigram = PhoneBigram({"yes": 1}, LEXICON)
    torch.manual_seed(4)
    scores = (5 * torch.randn(1, 600, 80)).requires_grad_()
    found = log_likelihood(scores, torch.tensor([600]), Graphs.batch([bigram.spoken("yes", LEXICON)]))
    found.sum().backward()
    assert torch.isfinite(found).all()
    assert torch.isfinite(scores.grad).all()
    assert float(scores.grad.sum()) == pytest.approx(600, rel=1e-3)
