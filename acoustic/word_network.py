"""The word network: hears a whole utterance and says which word it is. Its shape and its forward pass in PyTorch.

A second opinion beside the phone network: phones are built into any word, this one knows a few words well. The same
arithmetic without PyTorch is voicebot/speech/second_opinion.py; a test compares the two. Never loads data or trains.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voicebot.speech.log_mel import BANDS


@dataclass(frozen=True)
class WordDesign:
    """The shape of a word network. Frames of the first layer are 20 ms apart."""

    classes: tuple[str, ...]
    hidden: int = 128
    dilations: tuple[int, ...] = (1, 2, 4, 2)
    """One block of two convolutions of three frames each; how far apart these frames are."""


class WordNetwork(nn.Module):
    """Log mel spectrum -> residual blocks over time -> attention and maximum over the utterance -> classes."""

    mean: Tensor
    scale: Tensor

    def __init__(self, design: WordDesign) -> None:
        super().__init__()
        self.design = design
        width = design.hidden
        self.first = nn.Linear(5 * BANDS, width)
        self.blocks = nn.ModuleList([nn.Linear(3 * width, width) for _ in design.dilations for _ in range(2)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(width, eps=1e-3) for _ in range(len(self.blocks) + 1)])
        self.attention = nn.Linear(width, 4)
        self.output = nn.Linear(5 * width, len(design.classes))
        self.drop = nn.Dropout(0.2)
        self.register_buffer("mean", torch.zeros(BANDS))
        self.register_buffer("scale", torch.ones(BANDS))

    def forward(self, spectrum: Tensor, lengths: Tensor) -> Tensor:
        """Return logits [utterances, classes] of spectra [utterances, frames, BANDS] that are `lengths` frames long."""
        inside = torch.arange(spectrum.shape[1])[None] < lengths[:, None]
        level = (spectrum * inside[..., None]).sum((1, 2)) / (lengths * BANDS)
        sound = (spectrum - level[:, None, None] - self.mean) * self.scale * inside[..., None]
        hidden = _spliced(sound, 1, 5)[:, ::2]
        inside = inside[:, ::2]
        hidden = self._norm(0, torch.relu(self.first(hidden)), inside)
        layers = iter(range(1, len(self.norms)))
        for dilation in self.design.dilations:
            before = hidden
            for _ in range(2):
                layer = next(layers)
                convolved = self.blocks[layer - 1](_spliced(hidden, dilation, 3))
                hidden = self._norm(layer, torch.relu(convolved), inside)
            hidden = hidden + before
        hidden = hidden.float()
        attention = self.attention(hidden).masked_fill(~inside[..., None], -1e4).softmax(1)
        attended = torch.einsum("utk,uth->ukh", attention, hidden).flatten(1)
        highest = hidden.masked_fill(~inside[..., None], -1e4).amax(1)
        return self.output(self.drop(torch.cat([attended, highest], 1)))

    def _norm(self, layer: int, hidden: Tensor, inside: Tensor) -> Tensor:
        """Return `hidden` normalized over what is inside an utterance; outside it is zero."""
        normed = torch.zeros_like(hidden)
        normed[inside] = self.norms[layer](hidden[inside])
        return normed


def _spliced(hidden: Tensor, dilation: int, count: int) -> Tensor:
    """Return `count` frames side by side around each frame, zero beyond the ends."""
    reach = dilation * (count // 2)
    padded = nn.functional.pad(hidden, (0, 0, reach, reach))
    length = hidden.shape[1]
    return torch.cat([padded[:, step * dilation : step * dilation + length] for step in range(count)], 2)
