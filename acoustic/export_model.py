"""A trained phone network -> the model folder that Vosk loads, all but its graph (build_graph.py).

    python -m acoustic.export_model PHONES.pt MODEL

Batch normalization and the scaling of the inputs become part of the layers, exactly; then the numbers of the large
matrices are rounded to two bytes each, which halves the file. Never trains.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import torch

from acoustic.features import COEFFICIENTS, MFCC_CONF
from acoustic.kaldi_format import CompressedMatrix
from acoustic.network import PhoneNetwork, load
from acoustic.nnet3 import PHONE_IDS, POSITIONS, Layer, write_model
from acoustic.phones import SILENCE
from voicebot.assets import MODEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

_MODEL_CONF = MODEL / "conf" / "model.conf"
"""How the decoder is set: measured, not trained, so the settings in use are kept."""


def layers_of(network: PhoneNetwork) -> list[Layer]:
    """Return the layers of a network, normalizations folded into them.

    The first and the last are small and stay at four bytes a number: the inputs of the first differ a hundredfold.
    """
    splice = tuple(range(-network.design.splice, network.design.splice + 1))
    offsets = [splice, *network.design.offsets, (0,)]
    matrices, biases = _folded(network)
    return [
        Layer(seen, CompressedMatrix.of(matrix) if 0 < i < len(network.affines) else matrix, bias)
        for i, (seen, matrix, bias) in enumerate(zip(offsets, matrices, biases, strict=True))
    ]


@torch.no_grad()
def _folded(network: PhoneNetwork) -> tuple[list[Numbers], list[Numbers]]:
    """Return the matrices and the biases of the layers, in double precision until the end.

    (relu(x) - mean) * scale is relu(x * scale) - mean * scale for a positive scale: the scale goes into the layer
    itself, which keeps its numbers about equally large, and the shift into the bias of the next one.
    """
    affines = (*network.affines, network.output)
    weights = [affine.weight.double() for affine in affines]
    biases = [affine.bias.double() for affine in affines]
    weights[0] = weights[0] * network.scale.double().repeat(2 * network.design.splice + 1)
    shift = -network.mean.double()
    for i, norm in enumerate(network.norms):
        scale = (norm.running_var.double() + norm.eps).rsqrt()
        biases[i] = (biases[i] + weights[i] @ shift.repeat(weights[i].shape[1] // len(shift))) * scale
        weights[i] = weights[i] * scale[:, None]
        shift = -norm.running_mean.double() * scale
    biases[-1] = biases[-1] + weights[-1] @ shift
    return [weight.float().numpy() for weight in weights], [bias.float().numpy() for bias in biases]


def export(network: PhoneNetwork, model: Path) -> int:
    """Write everything of a model folder but its graph; returns the size of am/final.mdl in bytes."""
    settings = _MODEL_CONF.read_text("utf-8")
    for folder in ("am", "conf", "graph/phones"):
        (model / folder).mkdir(parents=True, exist_ok=True)
    (model / "conf" / "model.conf").write_text(settings, "utf-8")
    (model / "conf" / "mfcc.conf").write_text(MFCC_CONF, "utf-8")
    (model / "graph" / "phones.txt").write_text("".join(f"{name} {i}\n" for name, i in PHONE_IDS.items()), "utf-8")
    (model / "graph" / "phones" / "word_boundary.int").write_text(_word_boundary(), "utf-8")
    whole = model / "am" / "final.mdl"
    size = whole.with_suffix(".part").write_bytes(write_model(layers_of(network), COEFFICIENTS))
    whole.with_suffix(".part").replace(whole)
    return size


def _word_boundary() -> str:
    """Return what tells Vosk where words begin and end, without which it knows no times."""
    lines = [f"{PHONE_IDS[SILENCE]} nonword"]
    lines += [f"{i} {POSITIONS[name[-1]]}" for name, i in PHONE_IDS.items() if "_" in name]
    return "\n".join([*lines, ""])


@click.command()
@click.argument("checkpoint", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("model", type=click.Path(path_type=Path, file_okay=False))
def main(checkpoint: Path, model: Path) -> None:
    """Write the network of CHECKPOINT into the folder MODEL."""
    size = export(load(checkpoint), model)
    click.echo(f"{model}: a network of {size / 1e6:.1f} MB; its graph comes from acoustic.build_graph")


if __name__ == "__main__":
    main()
