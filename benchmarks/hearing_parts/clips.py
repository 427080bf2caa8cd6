"""Which recordings are listened to, and where the speech in each lies. Chooses and measures; changes no sound."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acoustic.corpus import Kind, Split, read_corpus
from voicebot.dialog.meaning import Meaning
from voicebot.speech.codec import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicebot.speech.codec import Samples

ANSWERS = (Meaning.YES, Meaning.NO)
"""What the figures are about."""
WINDOW = RATE // 50
"""20 ms."""
SPEECH_DB = -30.0
"""Speech is where the level is this far from the loudest moment, or nearer."""
OTHERS_PER_ANSWER = 4
"""Where the number of clips is limited: so many other words for each yes or no."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording of one utterance."""

    name: str
    path: Path
    said: str
    truth: Meaning | None
    """What its words mean; None for words that are no answer."""
    speaker: str
    corpus: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound at 8 kHz, and from where to where in it somebody speaks (ms)."""

    samples: Samples
    starts_ms: float
    ends_ms: float


def find_clips(
    folder: Path, split: str, understand: Callable[[str], Meaning | None], most: int | None = None
) -> list[Clip]:
    """Return the spoken clips of a split in a fixed random order, yes and no first.

    `most` limits them to so many of yes and no, and OTHERS_PER_ANSWER times as many others. Raises what
    `acoustic.corpus.read_corpus` raises.
    """
    clips = [
        Clip(str(row.path.relative_to(folder)), row.path, row.text, understand(row.text), row.speaker, row.corpus)
        for row in read_corpus(folder)
        if row.split is Split(split) and row.kind is Kind.SPEECH and row.text
    ]
    random.Random(0).shuffle(clips)
    answers = [clip for clip in clips if clip.truth in ANSWERS]
    others = [clip for clip in clips if clip.truth not in ANSWERS]
    return answers + others if most is None else answers[:most] + others[: OTHERS_PER_ANSWER * most]


def powers(samples: Samples) -> Sequence[float]:
    """Return the mean square of each whole window of 20 ms; at least one, never zero."""
    whole = np.resize(samples, max(WINDOW, len(samples) // WINDOW * WINDOW)).reshape(-1, WINDOW)
    return np.mean(whole.astype(np.float64) ** 2, axis=1) + 1e-9


def locate(samples: Samples) -> Speech:
    """Return a recording with the span of its speech: first to last window near the loudest one in level."""
    levels = 10 * np.log10(powers(samples))
    loud = np.flatnonzero(levels - levels.max() > SPEECH_DB)
    return Speech(samples, 20.0 * float(loud[0]), 20.0 * float(loud[-1] + 1))


def falls(speech: Speech) -> bool:
    """Tell whether the sound gets quiet after the speech: if not, nobody knows where the speech ends."""
    return speech.ends_ms * RATE / 1000 + WINDOW <= len(speech.samples)


def speech_power(speech: Speech) -> float:
    """Return the mean square of the loud windows: pauses do not count (cf. ITU-T P.56)."""
    power = np.asarray(powers(speech.samples))
    return float(power[power > power.max() * 10 ** (SPEECH_DB / 10)].mean())
