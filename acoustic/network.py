"""The phone network: how many layers look how far, its outputs, and its forward pass in PyTorch.

The shape stands in `Design` once; training, exporter and tests read it there. Never loads data, trains or writes files.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from acoustic.features import COEFFICIENTS
from acoustic.phones import BASE_PHONES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

STEP = 3
"""Input frames of 10 ms for one output frame of 30 ms (Kaldi's frame-subsampling-factor)."""
PDFS = 2 * len(BASE_PHONES)
"""Outputs: phone i has pdf 2i for its first frame and 2i + 1 for the frames it stays."""


@dataclass(frozen=True)
class Design:
    """The shape of a phone network. Offsets are in input frames of 10 ms, multiples of STEP.

    The first layers look both ways, the last ones back only: a phone is known 120 ms after it was spoken.
    """

    hidden: int = 288
    splice: int = 3
    """The first layer sees input frames 3t - splice .. 3t + splice."""
    offsets: tuple[tuple[int, ...], ...] = ((-3, 0, 3),) * 3 + ((-6, -3, 0),) * 3

    @property
    def left(self) -> int:
        """Output frames of 30 ms needed before the first one, beside the splice."""
        return -sum(min(layer) for layer in self.offsets) // STEP

    @property
    def right(self) -> int:
        """Output frames of 30 ms needed after the last one, beside the splice."""
        return sum(max(layer) for layer in self.offsets) // STEP

    @property
    def inputs(self) -> int:
        """Values that the first layer sees."""
        return COEFFICIENTS * (2 * self.splice + 1)


def spliced_rows(frames: int, design: Design) -> NDArray[np.int64]:
    """Return the input frames [left + ceil(frames / 3) + right, splice] of the first layer for an utterance.

    Frames before the start and after the end are its first and last frame again, as Kaldi's decoder has it.
    """
    outputs = -(-frames // STEP)
    centers = np.arange(-design.left, outputs + design.right)[:, None] * STEP
    return np.clip(centers + np.arange(-design.splice, design.splice + 1), 0, frames - 1)


class PhoneNetwork(nn.Module):
    """Spliced MFCC -> ReLU layers with batch normalization over several frames each -> log-likelihoods of pdfs."""

    mean: Tensor
    scale: Tensor

    def __init__(self, design: Design) -> None:
        super().__init__()
        self.design = design
        widths = [design.inputs, *(len(layer) * design.hidden for layer in design.offsets)]
        self.affines = nn.ModuleList([nn.Linear(width, design.hidden) for width in widths])
        self.norms = nn.ModuleList([nn.BatchNorm1d(design.hidden, eps=1e-3, affine=False) for _ in widths])
        self.output = nn.Linear(design.hidden, PDFS)
        nn.init.zeros_(self.output.bias)
        with torch.no_grad():
            self.output.weight.mul_(0.1)  # begin undecided
        self.register_buffer("mean", torch.zeros(COEFFICIENTS))
        self.register_buffer("scale", torch.ones(COEFFICIENTS))

    def forward(self, spliced: Tensor) -> Tensor:
        """Return log-likelihoods [utterances, T, PDFS] for features [utterances, left + T + right, inputs]."""
        frames = 2 * self.design.splice + 1
        hidden = (spliced - self.mean.repeat(frames)) * self.scale.repeat(frames)
        for offsets, affine, norm in zip((None, *self.design.offsets), self.affines, self.norms, strict=True):
            hidden = torch.relu(affine(hidden if offsets is None else _windows(hidden, offsets)))
            hidden = norm(hidden.flatten(0, 1)).view_as(hidden)
        with torch.autocast(hidden.device.type, enabled=False):  # the loss wants more digits than bfloat16 has
            return self.output(hidden.float())


def _windows(hidden: Tensor, offsets: tuple[int, ...]) -> Tensor:
    """Return the frames at the offsets side by side, [utterances, T - span, offsets * hidden], oldest first."""
    steps = [(offset - min(offsets)) // STEP for offset in offsets]
    length = hidden.shape[1] - max(steps)
    return torch.cat([hidden[:, step : step + length] for step in steps], dim=2)


def save(network: PhoneNetwork, path: Path, **beside: Any) -> None:
    """Write a network with its design, and what else a training keeps `beside` it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    torch.save({"design": asdict(network.design), "network": network.state_dict(), **beside}, unfinished)
    unfinished.replace(path)


def load(path: Path) -> PhoneNetwork:
    """Return the network of a file written by `save`, ready to be used rather than trained."""
    stored = torch.load(path, weights_only=True)
    network = PhoneNetwork(Design(**stored["design"]))
    network.load_state_dict(stored["network"])
    return network.eval()
