"""Sound that holds no answer, as a line hears it for a minute: noise, music, tones, silence, the line's own prompts.

Made here or read; what is heard in it is counted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hearing_parts.channel import whole
from benchmarks.hearing_parts.noises import Bank, Sound, noise
from voicebot import assets
from voicebot.config import load_settings
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE, Samples, decode
from voicebot.speech.voice import Voice
from voicebot.wiring import load_prompts, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 60
NOISE_DB = (-20, -40)
"""Level (dB under full scale, root mean square) of loud and of faint noise."""
MUSIC_DB = -20
HISS_DB = -65
"""Level of a quiet line."""
ECHO_DB = (0, -20)
"""How loud the line's own voice comes back, against how it was sent."""
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
"""DTMF frequencies, Hz (ITU-T Q.23)."""
KEYS = ("123A", "456B", "789C", "*0#D")
CALL_TONES = {
    "dial tone": ((350, 440), 1.0, 0.0),
    "ringing": ((440, 480), 2.0, 4.0),
    "busy": ((480, 620), 0.5, 0.5),
    "fax calling": ((1100,), 0.5, 3.0),
    "fax answering": ((2100,), 3.0, 1.0),
}
"""Tones of North American networks: Hz, seconds on, seconds off."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of sound."""

    name: str
    group: str
    samples: Samples

    @property
    def title(self) -> str:
        """Group and name: no two stretches have the same."""
        return f"{self.group}: {self.name}"


def stretches(bank: Bank, music: Path | None, prompt_cache: Path) -> Iterator[Stretch]:
    """Yield everything to be listened to; `music` is a folder of sound files, if there is one."""
    for kind in bank.kinds():
        sound = noise(kind, SECONDS * RATE, np.random.default_rng(0), bank)
        for level in NOISE_DB:
            yield Stretch(f"{kind}, {level} dB", "noise", at_rms(sound, level))
    yield Stretch("digital silence", "silence", np.zeros(SECONDS * RATE, np.int16))
    hiss = np.random.default_rng(0).standard_normal(SECONDS * RATE)
    yield Stretch("quiet line", "silence", at_rms(hiss, HISS_DB))
    yield from _tones()
    for tempo in (72, 96, 132):
        tune = synthetic_music(tempo, np.random.default_rng(tempo))
        yield Stretch(f"synthetic, {tempo} beats a minute", "synthetic music", at_rms(tune, MUSIC_DB))
    if music:
        yield from recorded_music(music)
    yield from _prompts(prompt_cache)


def at_rms(sound: Sound, level_db: float) -> Samples:
    """Return a sound with this root mean square (dB under full scale)."""
    return whole(sound / np.sqrt(np.mean(sound**2) + 1e-9) * 32768 * 10 ** (level_db / 20))


def tones(hertz: tuple[int, ...], seconds: float) -> Sound:
    """Return pure tones at once, of power 1 together."""
    at = np.arange(round(seconds * RATE)) / RATE
    return np.sum([np.sin(2 * np.pi * f * at) for f in hertz], axis=0) * np.sqrt(2 / len(hertz))


def key_tones(on_s: float, off_s: float) -> Sound:
    """Return all sixteen keys one after another, again and again for a minute."""
    pressed = [
        np.pad(tones((low, high), on_s), (0, round(off_s * RATE)))
        for low, keys in zip(ROWS, KEYS, strict=True)
        for high, _ in zip(COLUMNS, keys, strict=True)
    ]
    return np.resize(np.concatenate(pressed), SECONDS * RATE)


def synthetic_music(beats_a_minute: int, rng: np.random.Generator) -> Sound:
    """Return a minute of plucked chords, a wandering melody and a soft beat; nobody sings."""
    sound = np.zeros((SECONDS + 4) * RATE)
    beat = 60 / beats_a_minute
    chords, step = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14)), 0
    for number in range(int(SECONDS / beat)):
        chord = chords[number // 4 % len(chords)]
        step = int(np.clip(step + rng.integers(-2, 3), 0, len(chord) * 2))
        notes = [(57 + chord[number % len(chord)], 0.5), (69 + chord[step % len(chord)] + 12 * (step // 6), 0.7)]
        for note, loud in notes + ([(45 + chord[0], 1.0)] if number % 4 == 0 else []):
            _add(sound, number * beat, loud * _pluck(440 * 2 ** ((note - 69) / 12)))
        _add(sound, (number + 0.5) * beat, 0.15 * rng.standard_normal(800) * np.exp(-np.arange(800) / 120))
    return sound[: SECONDS * RATE]


def _pluck(hertz: float) -> Sound:
    at = np.arange(2 * RATE) / RATE
    partials = [np.sin(2 * np.pi * hertz * k * at) / k**1.5 for k in range(1, 7) if hertz * k < RATE / 2]
    return np.sum(partials, axis=0) * np.exp(-at / 0.6)


def _add(sound: Sound, at_s: float, note: Sound) -> None:
    start = round(at_s * RATE)
    sound[start : start + len(note)] += note


def _tones() -> Iterator[Stretch]:
    for on_s, off_s in ((0.05, 0.05), (0.1, 0.1), (0.5, 0.25)):
        name = f"DTMF keys, {round(1000 * on_s)} ms on, {round(1000 * off_s)} ms off"
        yield Stretch(name, "tones", at_rms(key_tones(on_s, off_s), -13))
    for name, (hertz, on_s, off_s) in CALL_TONES.items():
        cadence = np.pad(tones(hertz, on_s), (0, round(off_s * RATE)))
        yield Stretch(name, "tones", at_rms(np.resize(cadence, SECONDS * RATE), -16))


def recorded_music(folder: Path) -> Iterator[Stretch]:
    """Yield the sound files of a folder, minute by minute."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".wav", ".flac", ".ogg", ".mp3"}):
        samples = read_audio(path)
        for number, start in enumerate(range(0, len(samples) - RATE, SECONDS * RATE), start=1):
            piece = samples[start : start + SECONDS * RATE].astype(np.float64)
            yield Stretch(f"{path.stem}, minute {number}", "hold music", at_rms(piece, MUSIC_DB))


def _prompts(cache: Path) -> Iterator[Stretch]:
    """Yield every wording of every prompt by itself, as the line sends it and as a faint echo."""
    prompts = load_prompts(load_ruleset(load_settings()))
    sounds = Voice().prepare(prompts, cache, assets.PROMPTS / "recordings").sounds.values()
    spoken = {sound.text: decode(sound.mulaw).astype(np.float64) for sound in sounds}
    for text, samples in sorted(spoken.items()):
        for level in ECHO_DB:
            yield Stretch(text, f"own prompts, {level} dB", whole(samples * 10 ** (level / 20)))
