"""The loss of the phone network: how much likelier what was said is than everything that could be (LF-MMI).

Both sides are full sums over all paths through graphs of phones (phone_graphs.py), in scaled double precision, and
their gradient is the expected occupancy of each pdf, computed by the forward-backward algorithm rather than by
following every step back. A node of a graph is in its phone's first frame (pdf 2i) or stays (pdf 2i + 1). Never holds
the network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

if TYPE_CHECKING:
    from acoustic.phone_graphs import PhoneGraph

_TINY = 1e-290
"""Keeps the logarithm of an impossible sum finite: about -667."""

Spread = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Graphs:
    """Graphs of a batch side by side, padded to the same number of nodes N."""

    phones: Tensor
    """[utterances, N], or [1, N] for one graph that all share."""
    begin: Tensor
    """[utterances or 1, N]: the weight of beginning in a node, as `end` for ending there."""
    end: Tensor
    used: Tensor
    """[utterances or 1, N]: false where padded."""
    onward: Spread
    """Weights of nodes [utterances, N] -> weights that arrive in the nodes after them."""
    back: Spread
    """Weights of nodes [utterances, N] -> weights that arrive in the nodes before them."""

    @classmethod
    def shared(cls, graph: PhoneGraph) -> Graphs:
        """Return one dense graph that all utterances share."""
        nodes = len(graph.phones)
        table = torch.zeros(nodes, nodes, dtype=torch.double)
        table[graph.source, graph.target] = torch.tensor(graph.weight)
        return cls(
            torch.tensor(graph.phones)[None],
            torch.tensor(graph.begin)[None],
            torch.tensor(graph.end)[None],
            torch.ones(1, nodes, dtype=torch.bool),
            lambda weights: weights @ table,
            lambda weights: weights @ table.T,
        )

    @classmethod
    def batch(cls, graphs: Sequence[PhoneGraph]) -> Graphs:
        """Return the sparse graphs of a batch, one for each utterance."""
        nodes = max(len(graph.phones) for graph in graphs)
        phones = torch.zeros(len(graphs), nodes, dtype=torch.long)
        begin, end = torch.zeros(2, len(graphs), nodes, dtype=torch.double)
        used = torch.zeros(len(graphs), nodes, dtype=torch.bool)
        for i, graph in enumerate(graphs):
            size = len(graph.phones)
            used[i, :size] = True
            phones[i, :size] = torch.from_numpy(graph.phones)
            begin[i, :size] = torch.from_numpy(graph.begin)
            end[i, :size] = torch.from_numpy(graph.end)
        source = torch.cat([torch.from_numpy(graph.source) + i * nodes for i, graph in enumerate(graphs)])
        target = torch.cat([torch.from_numpy(graph.target) + i * nodes for i, graph in enumerate(graphs)])
        weight = torch.cat([torch.from_numpy(graph.weight) for graph in graphs])
        return cls(phones, begin, end, used, _along(source, target, weight), _along(target, source, weight))


def _along(source: Tensor, target: Tensor, weight: Tensor) -> Spread:
    """Return what carries weights along sparse arcs between the flattened nodes of a batch."""

    def spread(weights: Tensor) -> Tensor:
        carried = weights.reshape(-1)[source].mul_(weight)
        return torch.zeros_like(weights).view(-1).index_add_(0, target, carried).view_as(weights)

    return spread


def log_likelihood(scores: Tensor, lengths: Tensor, graphs: Graphs) -> Tensor:
    """Return the log of the sum over all paths [utterances], differentiable in `scores`.

    `scores` are log-likelihoods of pdfs [utterances, T, pdfs]; of utterance b only the first lengths[b] frames count.
    An utterance too short for its graph gets about -667 or less, and no gradient.
    """
    total: Tensor = _LogLikelihood.apply(scores, lengths, graphs)
    return total


class _LogLikelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, scores: Tensor, lengths: Tensor, graphs: Graphs) -> Tensor:
        total, occupancy = _forward_backward(scores, lengths, graphs)
        ctx.save_for_backward(occupancy)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (occupancy,) = ctx.saved_tensors
        return occupancy * gradient[:, None, None].to(occupancy.dtype), None, None


def _forward_backward(scores: Tensor, lengths: Tensor, graphs: Graphs) -> tuple[Tensor, Tensor]:
    """Return the log-likelihoods [utterances] and the expected occupancies of the pdfs, shaped as `scores`."""
    utterances, frames, _ = scores.shape
    nodes = graphs.phones.shape[1]
    shape = (utterances, nodes)
    # [2, utterances, nodes]: the pdf of a node's first frame, and of the frames it stays.
    pdf = torch.stack([2 * graphs.phones, 2 * graphs.phones + 1]).expand(2, *shape)
    flat = pdf.permute(1, 0, 2).reshape(utterances, 1, 2 * nodes).expand(-1, frames, -1)
    logs = scores.gather(2, flat).masked_fill_(~graphs.used.repeat(1, 2).expand(utterances, -1)[:, None], -torch.inf)
    peak = logs.amax(2, keepdim=True)
    likely = (logs - peak).double().exp_().view(utterances, frames, 2, nodes).permute(1, 2, 0, 3).contiguous()

    alpha = torch.empty_like(likely)
    scale = torch.empty(frames, utterances, 1, dtype=torch.double)
    alpha[0, 0], alpha[0, 1] = graphs.begin, 0
    for t in range(frames):
        now = alpha[t]
        if t:
            before = alpha[t - 1, 0] + alpha[t - 1, 1]
            now[0], now[1] = graphs.onward(before), before
        now *= likely[t]
        torch.sum(now, dim=(0, 2), out=scale[t, :, 0]).clamp_(min=_TINY)
        now /= scale[t]

    spoken = torch.arange(frames) < lengths[:, None]
    ending = alpha[lengths - 1, :, torch.arange(utterances)].sum(1).mul_(graphs.end).sum(1)
    logs_of_scales = (scale[..., 0].log().T + peak[..., 0].double()).masked_fill_(~spoken, 0)
    total = logs_of_scales.sum(1) + ending.clamp(min=_TINY).log()

    beta = torch.empty(frames, *shape, dtype=torch.double)
    end = graphs.end.expand(shape)
    last = (lengths - 1)[:, None]
    beta[-1] = end
    for t in range(frames - 2, -1, -1):
        after = likely[t + 1] * beta[t + 1]
        before = graphs.back(after[0]).add_(after[1])
        before /= before.amax(1, keepdim=True).clamp_(min=_TINY)
        torch.where(t < last, before, end, out=beta[t])

    visited = alpha.mul_(beta[:, None])
    visited /= visited.sum(dim=(1, 3), keepdim=True).clamp_(min=_TINY)
    visited = visited.permute(2, 0, 1, 3).reshape(utterances, frames, 2 * nodes).to(scores.dtype)
    occupancy = torch.zeros_like(scores).scatter_add_(2, flat, visited)
    return total.to(scores.dtype), occupancy.mul_(spoken[..., None])
