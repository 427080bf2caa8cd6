"""What a telephone does to speech: rooms, noise, bands, codecs, lost frames, cut beginnings. Arrays at 8 kHz, no files.

Levels are at int16 scale. Every effect is a small function of the sound and a random generator; `telephone` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from voicebot.speech import codec
from voicebot.speech.codec import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

Sound = NDArray[np.float64]
FRAME = RATE // 50
"""20 ms: what the telephone sends, and loses, at a time."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Recorded sounds to put around speech."""

    speech: Sequence[Sound]
    """Other people, for babble."""
    noises: Sequence[Sound]
    rooms: Sequence[Sound]
    """Responses of rooms to a click."""


def telephone(samples: NDArray[np.generic], rng: np.random.Generator, around: Surroundings, *, stretch: float) -> Sound:
    """Return speech as it may arrive from a telephone, rounded to what mu-law can carry.

    `stretch` is how often (0..1) the voice is made another's by resampling: more for the few voices of programs.
    """
    sound = samples.astype(np.float64)
    if rng.random() < stretch:
        sound = signal.resample_poly(sound, round(100 / rng.uniform(0.87, 1.15)), 100)
    sound = pad(sound / loudness(sound), rng)
    if rng.random() < 0.35:
        sound = room(sound, rng, around)
    if rng.random() < 0.25:
        sound = np.tanh(sound * rng.uniform(0.2, 1.0))
    if rng.random() < 0.85:
        sound = add_noise(sound, rng, around)
    if rng.random() < 0.85:
        sound = band(sound, rng.uniform(100, 350), rng.uniform(3000, 3850), int(rng.integers(1, 4)))
    if rng.random() < 0.4:
        sound = signal.lfilter([1, -rng.uniform(-0.5, 0.5)], [1], sound)
    sound = sound / (np.abs(sound).max() + 1e-9) * 32767 * 10 ** (rng.uniform(-42, -1) / 20)
    if rng.random() < 0.1:
        sound[np.abs(sound) < rng.choice([8, 20, 40])] = 0  # a line that sends digital silence between words
    if rng.random() < 0.1:
        sound = coarse(sound, rng)
    sound = mulaw(sound)
    if rng.random() < 0.4:
        sound = lose_frames(sound, rng, share=rng.uniform(0.01, 0.12))
    return sound


def loudness(sound: Sound) -> float:
    """Return the root mean square; never zero."""
    return float(np.sqrt(np.mean(np.square(sound)) + 1e-9))


def mulaw(sound: Sound) -> Sound:
    """Return the sound after G.711 and back."""
    return codec.decode(codec.encode(np.clip(np.round(sound), -32768, 32767).astype(np.int16))).astype(np.float64)


def pad(sound: Sound, rng: np.random.Generator) -> Sound:
    """Put quiet around the speech, or cut up to 60 ms off its start as a line that opens late does."""
    before, after = (int(RATE * rng.uniform(0.03, 0.6)) for _ in range(2))
    if rng.random() < 0.1:
        return np.pad(sound[int(RATE * rng.uniform(0, 0.06)) :], (0, after))
    return np.pad(sound, (before, after))


def band(sound: Sound, low: float, high: float, order: int = 2) -> Sound:
    """Return the sound between two frequencies in Hz (Butterworth)."""
    passed: Sound = signal.sosfilt(signal.butter(order, [low, high], "bandpass", fs=RATE, output="sos"), sound)
    return passed


def room(sound: Sound, rng: np.random.Generator, around: Surroundings) -> Sound:
    """Return the sound in a recorded room, or in one of 30 to 250 ms made of decaying noise."""
    if around.rooms and rng.random() < 0.3:
        response = around.rooms[rng.integers(len(around.rooms))]
        response = response[np.argmax(np.abs(response)) :] / (np.abs(response).max() + 1e-9)
    else:
        length = int(RATE * rng.uniform(0.03, 0.25))
        response = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))
        response *= rng.uniform(0.1, 0.6) / np.sqrt((response**2).sum())
        response[0] = 1.0
    echoed: Sound = signal.fftconvolve(sound, response)[: len(sound)]
    return echoed


def add_noise(sound: Sound, rng: np.random.Generator, around: Surroundings) -> Sound:
    """Return the sound with noise, most often 2 to 20 dB below it. Its pauses count: speech is louder than that."""
    snr_db = rng.uniform(2, 20) if rng.random() < 0.6 else rng.uniform(-2, 40)
    noise = any_noise(len(sound), rng, around)
    return sound + noise / loudness(noise) * loudness(sound) * 10 ** (-snr_db / 20)


def any_noise(length: int, rng: np.random.Generator, around: Surroundings) -> Sound:
    """Return noise: white, colored, mains hum, babble or recorded."""
    kinds = [white, colored, hum, babble, recorded]
    weights = [0.15, 0.2, 0.1, 0.3, 0.25]
    return kinds[rng.choice(len(kinds), p=weights)](length, rng, around)


def white(length: int, rng: np.random.Generator, _around: Surroundings) -> Sound:
    """Return white noise."""
    return rng.standard_normal(length)


def colored(length: int, rng: np.random.Generator, _around: Surroundings) -> Sound:
    """Return noise that falls with frequency: pink to brown."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    falling: Sound = np.fft.irfft(spectrum / np.arange(1, len(spectrum) + 1) ** rng.uniform(0.3, 1.0), length)
    return falling


def hum(length: int, rng: np.random.Generator, _around: Surroundings) -> Sound:
    """Return mains hum with its harmonics and a little noise."""
    seconds, base = np.arange(length) / RATE, rng.choice([50, 60, 100, 120])
    tones = [
        rng.uniform(0.1, 1) * np.sin(2 * np.pi * base * k * seconds + rng.uniform(0, 2 * np.pi)) for k in range(1, 6)
    ]
    hummed: Sound = np.sum(tones, axis=0) + 0.2 * rng.standard_normal(length)
    return hummed


def babble(length: int, rng: np.random.Generator, around: Surroundings) -> Sound:
    """Return several people speaking at once."""
    voices = [around.speech[rng.integers(len(around.speech))] for _ in range(rng.integers(3, 9))]
    return np.sum([_somewhere(voice, length, rng) / loudness(voice) for voice in voices], axis=0)


def recorded(length: int, rng: np.random.Generator, around: Surroundings) -> Sound:
    """Return a piece of a recorded noise; colored noise if there are no recordings."""
    if not around.noises:
        return colored(length, rng, around)
    return _somewhere(around.noises[rng.integers(len(around.noises))], length, rng)


def _somewhere(sound: Sound, length: int, rng: np.random.Generator) -> Sound:
    """Return `length` samples of a sound from a random place, repeated if it is too short."""
    start = rng.integers(len(sound))
    return np.take(sound, np.arange(start, start + length), mode="wrap")


def coarse(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return the sound with the noise of a low-rate codec: it follows the level of each 20 ms."""
    frames = np.resize(sound, (len(sound) + FRAME - 1) // FRAME * FRAME).reshape(-1, FRAME)
    levels = np.sqrt(np.mean(frames**2, axis=1, keepdims=True))
    noisy = frames + rng.standard_normal(frames.shape) * levels * 10 ** (-rng.uniform(8, 20) / 20)
    return noisy.reshape(-1)[: len(sound)]


def lose_frames(sound: Sound, rng: np.random.Generator, share: float) -> Sound:
    """Return the sound with a share of its 20 ms frames lost, some in bursts: silence, or the last good frame again."""
    kept = sound.copy()
    again = rng.random() < 0.5
    burst = rng.uniform(0, 0.5)
    lost = False
    for start in range(0, len(sound), FRAME):
        lost = rng.random() < (burst if lost else share * (1 - burst))
        if lost:
            before = kept[max(0, start - FRAME) : start]
            kept[start : start + FRAME] = (
                np.resize(before, len(kept[start : start + FRAME])) if again and start else 0.0
            )
    return kept
