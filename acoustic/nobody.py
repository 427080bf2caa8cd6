"""Sounds in which nobody answers: noise, the tones of telephones and machines, music. Arrays at 8 kHz, no speech.

The networks must learn that these are nothing at all: a busy tone is as steady as a vowel. Every sound is drawn, so
that no one tone or tune is learned by heart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acoustic.channel import Sound, Surroundings, any_noise
from acoustic.shards import Clip
from voicebot.speech.codec import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {"noise": 0.4, "tones": 0.3, "music": 0.3}
"""How much of what is nothing is of each kind."""
MOST_PARTIALS = 8


def nobody(noises: Sequence[Sound], count: int, seed: int) -> list[Clip]:
    """Return `count` clips of 1 to 4 s without any speech: what the networks must hear nothing in."""
    kinds, weights = zip(*KINDS.items(), strict=True)
    clips = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        length = int(rng.integers(RATE, 4 * RATE))
        match rng.choice(kinds, p=weights):
            case "tones":
                sound = tones(length, rng)
            case "music":
                sound = music(length, rng)
            case _:
                # Noise may be drawn as babble: of noise, since nobody speaks here.
                sound = any_noise(length, rng, Surroundings([rng.standard_normal(RATE)], noises, ()))
        scaled = sound / (np.abs(sound).max() + 1e-9) * 10 ** rng.uniform(1.7, 4.4)
        clips.append(Clip(scaled.astype(np.int16), "", "noise", "noise"))
    return clips


def tones(length: int, rng: np.random.Generator) -> Sound:
    """Return one to three steady tones, switched on and off in a cadence, or a glide from one pitch to another."""
    seconds = np.arange(length) / RATE
    if rng.random() < 0.2:
        pitch = np.geomspace(rng.uniform(200, 3000), rng.uniform(200, 3000), length)
        return np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
    on_s, off_s = rng.uniform(0.05, 2.0), rng.uniform(0, 1.0)
    started = rng.uniform(0, on_s + off_s)
    heard = (seconds + started) % (on_s + off_s) < on_s
    pitches = rng.uniform(200, 3200, int(rng.integers(1, 4)))
    sounded: Sound = np.sum([np.sin(2 * np.pi * pitch * seconds) for pitch in pitches], axis=0) * heard
    return sounded + rng.uniform(0, 0.02) * rng.standard_normal(length)


def music(length: int, rng: np.random.Generator) -> Sound:
    """Return a few voices of notes, plucked, blown or bowed, over a beat or none."""
    sound = np.zeros(length)
    step_s = rng.uniform(0.12, 0.7)
    root = rng.uniform(110, 330)
    scale = rng.choice([0, 2, 4, 5, 7, 9, 11, 12], 6)
    for _ in range(rng.integers(1, 4)):
        octave, decay_s, loud = 2.0 ** rng.integers(-1, 3), rng.uniform(0.1, 2.5), rng.uniform(0.3, 1.0)
        timbre = rng.uniform(0.2, 1.0, MOST_PARTIALS) / np.arange(1, MOST_PARTIALS + 1) ** rng.uniform(0.5, 2.0)
        at_s = rng.uniform(0, step_s)
        while at_s * RATE < length:
            pitch = root * octave * 2 ** (rng.choice(scale) / 12)
            _add(sound, at_s, loud * _note(pitch, timbre, decay_s, rng))
            at_s += step_s * rng.choice([0.5, 1, 1, 2])
    if rng.random() < 0.6:
        for at_s in np.arange(rng.uniform(0, step_s), length / RATE, step_s):
            beat = rng.standard_normal(800) * np.exp(-np.arange(800) / rng.uniform(40, 300))
            _add(sound, at_s, rng.uniform(0.05, 0.5) * beat)
    return sound


def _note(pitch: float, timbre: Sound, decay_s: float, rng: np.random.Generator) -> Sound:
    """Return two seconds of a note that begins softly or at once and dies away, with some vibrato."""
    seconds = np.arange(2 * RATE) / RATE
    vibrato = rng.uniform(0, 0.004) * np.sin(2 * np.pi * rng.uniform(3, 7) * seconds)
    phase = 2 * np.pi * np.cumsum(pitch * (1 + vibrato)) / RATE
    partials = [part * np.sin(k * phase) for k, part in enumerate(timbre, start=1) if k * pitch < RATE / 2]
    rise = np.minimum(1, seconds / rng.uniform(0.002, 0.15))
    noted: Sound = np.sum(partials, axis=0) * rise * np.exp(-seconds / decay_s)
    return noted


def _add(sound: Sound, at_s: float, note: Sound) -> None:
    """Add a note to a sound from a moment on, as far as it fits."""
    start = round(at_s * RATE)
    room = len(sound) - start
    sound[start : start + len(note)] += note[: max(0, room)]
