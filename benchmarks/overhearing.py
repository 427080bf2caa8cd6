"""Whether callers in danger are heard over words nobody can interrupt, and the line's own voice never is.

    python -m benchmarks.overhearing [--voices 6] [--jobs 2]

Urgent phrases are spoken by programs' voices kept out of training, two seconds into the greeting, while the greeting
comes back as an echo of several levels. Then every prompt comes back with nobody speaking: what is heard is false.
"""

from __future__ import annotations

import os
import platform
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import numpy as np

from acoustic.synthesis import Order, speak
from benchmarks.hearing_parts.synthetic import VOICES
from voicebot import assets
from voicebot.config import load_settings
from voicebot.dialog.meaning import Meaning
from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.echo import Echo
from voicebot.speech.grammars import Grammars
from voicebot.speech.locate_model import locate_model
from voicebot.speech.overhearing import Overhearing
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice
from voicebot.speech.vosk_ears import VoskEars
from voicebot.wiring import load_prompts, load_ruleset

if TYPE_CHECKING:
    from voicebot.dialog.events import Heard
    from voicebot.speech.ears import Ears

NOISE = Path(__file__).resolve().parents[1] / "tests/audio/noise/speechbrain_noise3.flac"
URGENT = {
    "i think i'm having a stroke": Meaning.EMERGENCY,
    "my chest hurts": Meaning.EMERGENCY,
    "i want to kill myself": Meaning.SUICIDE,
}
OVER = "greeting"
SPOKEN_MS = 2000
"""So long after its beginning the caller speaks."""
LEVELS_DB = (-60, -50, -45, -40, -30)
"""How loud the greeting comes back to whoever speaks over it, against how it was sent; the caller is at -20 or so."""
LINE_DB = -60
"""The noise of a quiet line, relative to full scale, under whoever speaks."""
ECHOES = ((20, -6, None), (140, -30, 0), (400, -45, None))
"""Delay (ms), level (dB) and noise (dB above the echo) with which every prompt comes back while nobody speaks."""
MS = codec.BYTES_PER_MS
FRAME = 20 * MS


def echo_of(played: bytes, delay_ms: int, level_db: float, noise_db: float | None = None) -> bytes:
    """Return what comes back of mu-law from a room, under a recorded noise so much louder than it, if any."""
    room = np.zeros(200)
    room[[0, 23, 150]] = 1.0, 0.5, 0.3
    sound = codec.decode(played + codec.SILENCE * (delay_ms * MS)).astype(float)
    back = np.convolve(np.concatenate([np.zeros(delay_ms * MS), sound]), room)[: len(sound)] * 10 ** (level_db / 20)
    if noise_db is not None:
        noise = np.resize(read_audio(NOISE).astype(float), len(back))
        back = back + noise / noise.std() * back.std() * 10 ** (noise_db / 20)
    return codec.encode(np.clip(back, -32768, 32767).astype(np.int16))


def overheard(ears: Ears, grammars: Grammars, heard: bytes, played: bytes = b"") -> list[Heard]:
    """Return the urgent words heard over what the line played, and the silence after both."""
    length = max(len(heard), len(played)) + 1500 * MS
    heard, played = heard.ljust(length, codec.SILENCE), played.ljust(length, codec.SILENCE)
    echo = Echo(0)
    ear = Overhearing(ears, grammars, echo, None, 0)
    found = []
    for start in range(0, length - FRAME + 1, FRAME):
        piece = slice(start, start + FRAME)
        echo.take(heard[piece], played[piece])
        if event := ear.hear(heard[piece], (start + FRAME) // MS):
            found.append(event)
    return found


def spoken_over(played: bytes, voice: codec.Samples, level_db: float) -> bytes:
    """Return what the line hears of a caller who speaks over its words while they come back."""
    sound = codec.decode(echo_of(played, 140, level_db)).astype(float)
    start = SPOKEN_MS * MS
    sound[start : start + len(voice)] += voice[: len(sound) - start]
    sound += np.random.default_rng(0).normal(0, 32768 * 10 ** (LINE_DB / 20), len(sound))
    return codec.encode(np.clip(sound, -32768, 32767).astype(np.int16))


@cache
def _ears() -> tuple[Ears, Grammars]:
    return VoskEars(locate_model(None)), Grammars.load(assets.GRAMMARS)


def _recalled(task: tuple[str, codec.Samples, bytes, float]) -> tuple[float, bool]:
    words, voice, played, level_db = task
    found = overheard(*_ears(), spoken_over(played, voice, level_db), played)
    return level_db, [event.meaning for event in found] == [URGENT[words]]


def _false(task: tuple[str, bytes, tuple[int, float, float | None]]) -> tuple[str, float, int]:
    text, played, echo = task
    return text, len(played) / MS / 3_600_000, len(overheard(*_ears(), echo_of(played, *echo), played))


def _chosen(most: int | None) -> Prompts:
    """Return the prompts that are spoken: the greeting, and so many others."""
    known = load_prompts(load_ruleset(load_settings()))
    chosen = list(dict.fromkeys([OVER, *sorted(known.by_id)]))[:most]
    return Prompts({name: known.by_id[name] for name in chosen})


@click.command()
@click.option("--voices", type=click.IntRange(1, len(VOICES)), default=len(VOICES), show_default=True)
@click.option("--prompts", type=click.IntRange(min=1), help="So many prompts come back; else all.")
@click.option("--jobs", default=2, show_default=True)
def main(voices: int, prompts: int | None, jobs: int) -> None:
    """Measure both, and tell the counts."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    said = _chosen(prompts)
    with TemporaryDirectory() as cache_folder:
        spoken = Voice().prepare(said, Path(cache_folder), assets.PROMPTS / "recordings")
        sounds, greeting = {sound.text: sound.mulaw for sound in spoken.sounds.values()}, spoken.mulaw(OVER)
    orders = [(words, Order(words, *VOICES[number], 1.0, 0.5)) for words in URGENT for number in range(voices)]
    callers = [(words, clip.samples) for words, order in orders for clip in speak([order])]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        over = [(words, voice, greeting, level_db) for words, voice in callers for level_db in LEVELS_DB]
        recalled = list(pool.map(_recalled, over))
        back = [(text, sound, echo) for text, sound in sorted(sounds.items()) for echo in ECHOES]
        false = list(pool.map(_false, back, chunksize=8))
    for level_db in LEVELS_DB:
        heard = [right for level, right in recalled if level == level_db]
        click.echo(f"over an echo of {level_db} dB: {sum(heard)} of {len(heard)} urgent phrases heard")
    wrong = sorted({text for text, _, count in false if count})
    hours, events = sum(hours for _, hours, _ in false), sum(count for *_, count in false)
    click.echo(f"heard in {hours:.1f} h of the line's own voice: {events}")
    for text in wrong:
        click.echo(f"  {text}")


if __name__ == "__main__":
    main()
