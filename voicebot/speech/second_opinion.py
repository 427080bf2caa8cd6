"""A second network hears a whole utterance: yes, no, another answer, a known word, other speech or nothing. No Vosk.

The recognizer builds any word from phones; this network knows a few words well, so the two are wrong about different
speech. It is trained by acoustic/train_words.py; what becomes of two opinions is decided in confidence.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voicebot.errors import Exit, VoicebotError
from voicebot.speech.log_mel import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicebot.speech.log_mel import Spectrum

Array = NDArray[np.float32]

FILE = "second_opinion.npz"
"""Where it lies in a model's folder; models without it are heard with one opinion."""
CLASSES = {name: name for name in ("yes", "no", "answer", "other", "nothing")} | {
    "yes_phrase": "yes",
    "no_phrase": "no",
}
"""What the network's classes are here; every other class is a `word`."""
SHORTEST_FRAMES = 8
"""Less than this many frames of 10 ms is no utterance."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities of what an utterance is; together 1."""

    yes: float
    no: float
    answer: float
    """Another answer of the grammar: not sure, say it again, a person ..."""
    other: float
    """Other speech, no word of which it knows."""
    nothing: float = 0.0
    """No speech at all."""
    word: float = 0.0
    """A word it heard many people say and that is no answer: a digit, "left", "happy" ..."""


@dataclass(frozen=True, slots=True)
class _Layer:
    weight: Array
    bias: Array
    scale: Array
    shift: Array
    """The batch normalization behind it, as one multiplication and addition."""


class SecondOpinion:
    """One word network. Safe to share between threads."""

    def __init__(self, classes: Iterable[str], dilations: Iterable[int], arrays: dict[str, Array]) -> None:
        self.classes = tuple(classes)
        self._dilations = tuple(dilations)
        self._arrays = arrays
        count = 1 + 2 * len(self._dilations)
        parts = ("weight", "bias", "scale", "shift")
        self._layers = [_Layer(*(arrays[f"{layer}.{part}"] for part in parts)) for layer in range(count)]

    def hear(self, spectrum: Spectrum) -> Opinion:
        """Return what one utterance, with a little quiet around it, sounds like by its log mel spectrum."""
        probabilities = self.probabilities(spectrum)
        sums = dict.fromkeys(Opinion.__slots__, 0.0)
        for name, probability in zip(self.classes, probabilities, strict=True):
            sums[CLASSES.get(name, "word")] += float(probability)
        return Opinion(**sums)

    def probabilities(self, spectrum: Spectrum) -> Array:
        """Return the probability of each of `classes`."""
        if len(spectrum) < SHORTEST_FRAMES:
            return np.array([name == "nothing" for name in self.classes], np.float32)
        logits = self._logits(spectrum)
        exponents = np.exp(logits - logits.max())
        return np.asarray(exponents / exponents.sum(), np.float32)

    def _logits(self, spectrum: Array) -> Array:
        arrays = self._arrays
        sound = (spectrum - spectrum.mean() - arrays["mean"]) * arrays["scale"]
        hidden = _through(self._layers[0], _spliced(sound, 1, 5)[::2])
        for block, dilation in enumerate(self._dilations):
            before = hidden
            for layer in self._layers[1 + 2 * block : 3 + 2 * block]:
                hidden = _through(layer, _spliced(hidden, dilation, 3))
            hidden = hidden + before
        looks = hidden @ arrays["attention.weight"].T + arrays["attention.bias"]
        attention = np.exp(looks - looks.max(axis=0))
        attended = (attention / attention.sum(axis=0)).T @ hidden
        pooled = np.concatenate([attended.reshape(-1), hidden.max(axis=0)])
        logits: Array = arrays["output.weight"] @ pooled + arrays["output.bias"]
        return logits


def _through(layer: _Layer, frames: Array) -> Array:
    rectified = np.maximum(frames @ layer.weight.T + layer.bias, 0.0)
    return np.asarray(rectified * layer.scale + layer.shift, np.float32)


def _spliced(frames: Array, dilation: int, count: int) -> Array:
    """Return `count` frames side by side around each frame, zero beyond the ends."""
    reach = dilation * (count // 2)
    padded = np.zeros((len(frames) + 2 * reach, frames.shape[1]), frames.dtype)
    padded[reach : reach + len(frames)] = frames
    return np.concatenate([padded[step * dilation : step * dilation + len(frames)] for step in range(count)], axis=1)


def load_second_opinions(model: Path) -> tuple[SecondOpinion, ...]:
    """Return the word networks in a model's folder; none if it has no such file.

    Raises VoicebotError `model_broken` if the file cannot be read.
    """
    path = model / FILE
    if not path.exists():
        return ()
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            told = json.loads(str(stored["design"]))
            arrays = {name: stored[name].astype(np.float32) for name in stored.files if name != "design"}
        return tuple(_network(row, f"{number}.", arrays) for number, row in enumerate(told))
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, BadZipFile) as error:
        remedy = "Run `voicebot model verify`, or use another model."
        raise VoicebotError("model_broken", f"{path} cannot be read.", remedy, Exit.CANNOT_RUN) from error


def _network(told: dict[str, list[str]], prefix: str, arrays: dict[str, Array]) -> SecondOpinion:
    own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    if own["mean"].shape != (BANDS,):
        raise ValueError("The network was made for another spectrum.")
    return SecondOpinion(told["classes"], map(int, told["dilations"]), own)
