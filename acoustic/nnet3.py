"""am/final.mdl, the file that Vosk hears with: phones, their pdfs, and the layers of a network, written and read.

Also the network's forward pass in NumPy, so that a file can be checked without PyTorch. Phones have one state: a first
frame with one pdf, then any number of frames with another. Never trains, and never decides what the layers hold.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acoustic.kaldi_format import CompressedMatrix, Reader, Writer
from acoustic.phones import BASE_PHONES, PHONES, SILENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

POSITIONS = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
"""Where in its word a phone stands, as phones.txt and word_boundary.int call it. The sound is the same."""
PHONE_IDS = {
    name: number
    for number, name in enumerate(["<eps>", SILENCE, *(f"{phone}_{place}" for phone in PHONES for place in POSITIONS)])
}
_HALF = math.log(0.5)


@dataclass(frozen=True)
class Layer:
    """One affine transformation of frames side by side; all layers but the last are followed by a rectifier."""

    offsets: tuple[int, ...]
    """Frames of 10 ms it sees, relative to its own."""
    matrix: NDArray[np.float32] | CompressedMatrix
    """[outputs, offsets * inputs]: a block of columns for each offset."""
    bias: NDArray[np.float32]

    @property
    def values(self) -> NDArray[np.float32]:
        """The matrix as it is computed with."""
        return self.matrix.values if isinstance(self.matrix, CompressedMatrix) else self.matrix


def pdfs(phone: str) -> tuple[int, int]:
    """Return the outputs for a phone's first frame and for the frames it stays, wherever in its word it stands."""
    number = BASE_PHONES.index(phone.partition("_")[0])
    return 2 * number, 2 * number + 1


def forward(layers: list[Layer], features: NDArray[np.floating], step: int = 3) -> NDArray[np.float64]:
    """Return the outputs [ceil(frames / step), pdfs] for features [frames, coefficients].

    Frames before the start and after the end are the first and the last one again, as in Kaldi's decoder.
    """
    before = -sum(min(layer.offsets) for layer in layers)
    after = sum(max(layer.offsets) for layer in layers)
    hidden = np.pad(features.astype(np.float64), ((before, after), (0, 0)), mode="edge")
    for layer in layers:
        first, last = min(layer.offsets), max(layer.offsets)
        length = len(hidden) + first - last
        seen = np.hstack([hidden[offset - first : offset - first + length] for offset in layer.offsets])
        hidden = seen @ layer.values.T.astype(np.float64) + layer.bias
        if layer is not layers[-1]:
            hidden = np.maximum(hidden, 0)
    return hidden[::step]


def write_model(layers: list[Layer], coefficients: int) -> bytes:
    """Return final.mdl for layers over so many feature coefficients."""
    writer = Writer()
    _write_phones(writer)
    writer.token("<Nnet3>").raw(_wiring(layers, coefficients).encode())
    writer.token("<NumComponents>").int32(2 * len(layers) - 1)
    for number, layer in enumerate(layers, start=1):
        name = _name(number, layers)
        writer.token("<ComponentName>", f"{name}.affine", "<FixedAffineComponent>", "<LinearParams>")
        writer.matrix(layer.matrix).token("<BiasParams>").vector(layer.bias).token("</FixedAffineComponent>")
        if layer is not layers[-1]:
            _write_rectifier(writer.token("<ComponentName>", f"{name}.relu"), len(layer.bias))
    writer.token("</Nnet3>", "<LeftContext>").int32(-sum(min(layer.offsets) for layer in layers))
    writer.token("<RightContext>").int32(sum(max(layer.offsets) for layer in layers))
    return bytes(writer.token("<Priors>").vector([]).content)


def read_model(content: bytes) -> list[Layer]:
    """Return the layers of a final.mdl of the kind that `write_model` writes.

    Raises ValueError if it is of another kind, or broken.
    """
    reader = Reader(content)
    reader.until(b"</TransitionModel> ")
    reader.expect("<Nnet3>")
    wiring = reader.until(b"\n\n").decode("ascii")
    inputs = dict(re.findall(r"component=(\S+)\.affine input=(.+)", wiring))
    reader.expect("<NumComponents>")
    count = (reader.int32() + 1) // 2
    layers = []
    for number in range(1, count + 1):
        reader.expect("<ComponentName>")
        name = reader.token().removesuffix(".affine")
        reader.expect("<FixedAffineComponent>", "<LinearParams>")
        matrix = reader.matrix()
        reader.expect("<BiasParams>")
        layers.append(Layer(_offsets(inputs[name]), matrix, reader.vector()))
        reader.expect("</FixedAffineComponent>")
        if number < count:
            reader.until(b"</RectifiedLinearComponent> ")
    reader.expect("</Nnet3>")
    return layers


def _name(number: int, layers: list[Layer]) -> str:
    return "output" if number == len(layers) else f"tdnn{number}"


def _wiring(layers: list[Layer], coefficients: int) -> str:
    """Return the lines that tell which layer hears which at which offsets."""
    lines = [f"input-node name=input dim={coefficients}"]
    source = "input"
    for number, layer in enumerate(layers, start=1):
        name = _name(number, layers)
        seen = ", ".join(f"Offset({source}, {offset})" if offset else source for offset in layer.offsets)
        heard = f"Append({seen})" if len(layer.offsets) > 1 else source
        lines.append(f"component-node name={name}.affine component={name}.affine input={heard}")
        if layer is not layers[-1]:
            source = f"{name}.relu"
            lines.append(f"component-node name={source} component={source} input={name}.affine")
    lines.append("output-node name=output input=output.affine objective=linear")
    return "\n" + "\n".join(lines) + "\n\n"


def _offsets(heard: str) -> tuple[int, ...]:
    """Return the offsets of one line of the wiring: `Append(Offset(x, -3), x, Offset(x, 3))` gives (-3, 0, 3)."""
    parts = re.findall(r"Offset\(\S+, (-?\d+)\)|([a-z][\w.]*)(?=[,)]|$)", heard)
    return tuple(int(offset or 0) for offset, _ in parts)


def _write_phones(writer: Writer) -> None:
    """Write the transition model: transition-id 2p - 1 stays in phone p, 2p is its first frame."""
    phones = [number for number in PHONE_IDS.values() if number]
    writer.token("<TransitionModel>", "<Topology>").integers(phones).integers([-1] + [0] * len(phones))
    writer.int32(-1)  # staying has a pdf of its own
    writer.int32(1, 2)  # one topology, of two states
    writer.int32(0, 1, 2).int32(0).float32(0.5).int32(1).float32(0.5)  # the first is left and stayed in equally often
    writer.int32(-1, -1, 0)  # the second is the end
    writer.token("</Topology>", "<Tuples>").int32(len(phones))
    for name, number in PHONE_IDS.items():
        if number:
            writer.int32(number, 0, *pdfs(name))
    writer.token("</Tuples>", "<LogProbs>").vector([0.0] + [_HALF] * (2 * len(phones)))
    writer.token("</LogProbs>", "</TransitionModel>")


def _write_rectifier(writer: Writer, width: int) -> None:
    """Write max(0, x), with the statistics of its training empty."""
    writer.token("<RectifiedLinearComponent>", "<Dim>").int32(width)
    writer.token("<ValueAvg>").vector([]).token("<DerivAvg>").vector([]).token("<Count>").float64(0)
    writer.token("<OderivRms>").vector([]).token("<OderivCount>").float64(0)
    writer.token("<NumDimsSelfRepaired>").float64(0).token("<NumDimsProcessed>").float64(0)
    writer.token("</RectifiedLinearComponent>")
