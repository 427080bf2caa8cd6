"""Word networks -> voicebot's second_opinion.npz: half-precision arrays, batch normalization as scale and shift.

    python -m acoustic.export_words MODEL WORDS.1.pt WORDS.2.pt

Never trains.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import torch
from torch import Tensor

from acoustic.word_network import WordDesign, WordNetwork
from voicebot.speech.second_opinion import FILE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def load_words(path: Path) -> WordNetwork:
    """Return the word network that training wrote to `path`, ready to be used."""
    stored = torch.load(path, weights_only=True)
    network = WordNetwork(WordDesign(**stored["design"]))
    network.load_state_dict(stored["network"])
    return network.eval()


def arrays_of(network: WordNetwork) -> dict[str, NDArray[np.float16]]:
    """Return a network's numbers by the names second_opinion.py knows them by."""
    tensors: dict[str, Tensor] = {"mean": network.mean, "scale": network.scale}
    for number, (affine, norm) in enumerate(zip((network.first, *network.blocks), network.norms, strict=True)):
        scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
        tensors |= {f"{number}.weight": affine.weight, f"{number}.bias": affine.bias}
        tensors |= {f"{number}.scale": scale, f"{number}.shift": norm.bias - norm.running_mean * scale}
    for name in ("attention", "output"):
        layer = getattr(network, name)
        tensors |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
    return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in tensors.items()}


def export_words(networks: list[WordNetwork], model: Path) -> Path:
    """Write word networks into a model's folder; returns the file."""
    designs = [{"classes": list(n.design.classes), "dilations": list(n.design.dilations)} for n in networks]
    arrays = {
        f"{number}.{name}": array
        for number, network in enumerate(networks)
        for name, array in arrays_of(network).items()
    }
    path = model / FILE
    np.savez_compressed(path, design=np.array(json.dumps(designs)), **arrays)
    return path


@click.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("networks", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
def main(model: Path, networks: tuple[Path, ...]) -> None:
    """Write the word networks of the files NETWORKS into the folder MODEL."""
    click.echo(str(export_words([load_words(path) for path in networks], model)))


if __name__ == "__main__":
    main()
