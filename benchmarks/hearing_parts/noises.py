"""Noise to put around speech: made by rule, mixed from other people's voices, or recorded. Arrays at int16 scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from acoustic.corpus import Kind, read_corpus
from benchmarks.hearing_parts.clips import ANSWERS, locate
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.hearing_parts.clips import Clip
    from voicebot.speech.codec import Samples

Sound = NDArray[np.float64]
MADE = ("white", "pink", "hum", "babble")
"""Noises that need no recording of noise."""
PEOPLE = 5
"""How many speak at once in babble."""
VOICES = 240
"""How many clips babble is made of."""


@dataclass(frozen=True)
class Bank:
    """Recorded sounds that conditions are made of."""

    recorded: Mapping[str, Samples]
    rooms: Mapping[str, Samples]
    """Responses of rooms to a click."""
    voices: Sequence[tuple[str, Samples]]
    """Speaker and speech, for babble; nobody says yes or no."""

    @classmethod
    def load(cls, folder: Path, clips: Sequence[Clip]) -> Bank:
        """Read the noises and rooms of a folder, and voices among `clips` (of single words, by many people)."""
        rows = [row for row in read_corpus(folder) if row.kind is not Kind.SPEECH]
        recorded = {_name(row.path): read_audio(row.path) for row in rows if row.kind is Kind.NOISE}
        rooms = {_name(row.path): read_audio(row.path) for row in rows if row.kind is Kind.ROOM}
        others = [clip for clip in clips if clip.truth not in ANSWERS and clip.corpus == "gsc"][:VOICES]
        return cls(recorded, rooms, [(clip.speaker, _trimmed(read_audio(clip.path))) for clip in others])

    def kinds(self) -> tuple[str, ...]:
        """Return the name of every noise there is; babble only where there are voices."""
        return tuple(kind for kind in MADE if kind != "babble" or self.voices) + tuple(sorted(self.recorded))


def noise(kind: str, length: int, rng: np.random.Generator, bank: Bank, speaker: str = "") -> Sound:
    """Return `length` samples of a noise of power 1. `speaker` is kept out of babble."""
    match kind:
        case "white":
            sound = rng.standard_normal(length)
        case "pink":
            sound = _falling(length, rng)
        case "hum":
            sound = _hum(length, rng)
        case "babble":
            sound = _babble(length, rng, [voice for who, voice in bank.voices if who != speaker])
        case _:
            sound = _piece(bank.recorded[kind].astype(np.float64), length, rng)
    return sound / np.sqrt(np.mean(sound**2) + 1e-9)


def _falling(length: int, rng: np.random.Generator) -> Sound:
    """Return pink noise: its power falls by 3 dB an octave above 50 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 50.0)), length)


def _hum(length: int, rng: np.random.Generator) -> Sound:
    """Return the hum of 60 Hz mains and its harmonics over a little hiss."""
    seconds = np.arange(length) / RATE
    tones = [np.sin(2 * np.pi * 60 * k * seconds + rng.uniform(0, 2 * np.pi)) / k for k in range(1, 11)]
    return np.sum(tones, axis=0) + 0.05 * rng.standard_normal(length)


def _babble(length: int, rng: np.random.Generator, voices: Sequence[Samples]) -> Sound:
    """Return several people who speak one word after another, all equally loud."""
    mixed = np.zeros(length)
    for _ in range(PEOPLE):
        words: list[Sound] = []
        while sum(map(len, words)) < length + RATE:
            voice = voices[rng.integers(len(voices))].astype(np.float64)
            words.append(voice / np.sqrt(np.mean(voice**2) + 1e-9))
        start = rng.integers(RATE)
        mixed += np.concatenate(words)[start : start + length]
    return mixed


def _piece(sound: Sound, length: int, rng: np.random.Generator) -> Sound:
    """Return a piece from a random place, begun again from the start where the recording is too short."""
    start = rng.integers(len(sound))
    return np.take(sound, np.arange(start, start + length), mode="wrap")


def _trimmed(samples: Samples) -> Samples:
    speech = locate(samples)
    return samples[int(speech.starts_ms * RATE / 1000) : int(speech.ends_ms * RATE / 1000)]


def _name(path: Path) -> str:
    """Return a recording's name without who gave it: `somebody_white_noise.flac` is `white noise`, recorded."""
    return f"{path.stem.split('_', 1)[-1].replace('_', ' ')} (recorded)"
