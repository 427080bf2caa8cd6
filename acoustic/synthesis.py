"""Synthetic speech by the free voices of espeak-ng, flite and festival, as clean 8 kHz sound. Decides no text.

Every clip depends on the seed and its own number only: however the work is cut up, it gives the same speech.
Needs Debian's espeak-ng, flite, festival, festvox-kallpc16k, festvox-kdlpc16k and festvox-us-slt-hts.
"""

from __future__ import annotations

import io
import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from acoustic.shards import Clip
from voicebot.speech.codec import RATE, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELD_OUT = frozenset({"Andy", "Annie", "Mike", "linda", "m5", "f4", "shelby", "Denis", "rms", "ked_diphone"})
"""Voices never trained on, kept for scoring."""
NOT_HUMAN = frozenset(
    {"Demonic", "announcer", "fast", "Tweaky", "whisper", "whisperf", "croak", "UniRobot", "anikaRobot"}
)
ACCENTS = (
    *["en-us"] * 6,
    *["en-us-nyc", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd"],
)
"""espeak-ng's accents of English; callers are mostly American."""
FLITE = ("slt", "awb", "kal16", "kal", "rms")
FESTIVAL = ("kal_diphone", "cmu_us_slt_arctic_hts", "ked_diphone")
ENGINES = (("espeak", 0.64), ("flite", 0.24), ("festival", 0.12))
"""Which program speaks how much: espeak-ng has a hundred voices, the others a few that sound more like people."""
SPELLED = {"mm": "um", "hmm": "hum", "ma'am": "mam", "kinda": "kin duh"}
"""Words that the programs read letter by letter, or as another word -> what makes them say the word."""
SHORTEST = 800
"""Samples; less is a voice that failed."""
BATCH = 200
"""festival takes as long to start as to speak many texts."""


@dataclass(frozen=True, slots=True)
class Order:
    """One clip to be spoken."""

    text: str
    engine: str
    voice: str
    speed: float
    """1.0 is the voice's own."""
    pitch: float
    """0..1 of what the engine can do."""


def variants() -> tuple[str, ...]:
    """Return espeak-ng's voice variants that sound like people, sorted."""
    listed = _run(["espeak-ng", "--voices=variant"]).decode().splitlines()
    names = {line.split("!v/")[1].split()[0] for line in listed if "!v/" in line}
    return tuple(sorted(name for name in names - NOT_HUMAN if not name.startswith("robosoft")))


def orders(count: int, seed: int, draw: Callable[[random.Random], str], *, held_out: bool = False) -> list[Order]:
    """Return `count` clips to speak, their texts drawn with `draw`; by the voices kept for scoring if `held_out`."""
    voices = {
        "espeak": [name for name in variants() if (name in HELD_OUT) is held_out] + ([] if held_out else [""]),
        "flite": [name for name in FLITE if (name in HELD_OUT) is held_out],
        "festival": [name for name in FESTIVAL if (name in HELD_OUT) is held_out],
    }
    names, shares = zip(*ENGINES, strict=True)
    listed = []
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        engine = rng.choices(names, shares)[0]
        voice = rng.choice(voices[engine])
        if engine == "espeak":
            voice = rng.choice(ACCENTS) + (f"+{voice}" if voice else "")
        listed.append(Order(draw(rng), engine, voice, rng.uniform(0.7, 1.35), rng.random()))
    return listed


def speak(listed: list[Order]) -> Iterator[Clip]:
    """Yield the clips of some orders; what a voice could not say is left out."""
    festival = [order for order in listed if order.engine == "festival"]
    for order in listed:
        if order.engine != "festival":
            yield from _clip(order, _espeak(order) if order.engine == "espeak" else _flite(order))
    for start in range(0, len(festival), BATCH):
        yield from _festival(festival[start : start + BATCH])


def spelled(text: str) -> str:
    """Return what to write for the programs to say `text`: they say "em em aitch em em" for "mm hmm"."""
    return " ".join(SPELLED.get(word, word) for word in text.split())


def _clip(order: Order, sound: bytes) -> Iterator[Clip]:
    samples = _samples(sound)
    if len(samples) >= SHORTEST and np.abs(samples.astype(np.int32)).max() >= 200:
        yield Clip(samples, order.text, f"{order.engine}:{order.voice}", "synthetic")


def _espeak(order: Order) -> bytes:
    words_a_minute, pitch = round(165 * order.speed), round(10 + 80 * order.pitch)
    settings = ["-v", order.voice, "-s", str(words_a_minute), "-p", str(pitch), "-a", "100"]
    return _run(["espeak-ng", *settings, "--stdout", spelled(order.text)])


def _flite(order: Order) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        stretch = f"duration_stretch={1 / order.speed:.3f}"
        pitch = f"int_f0_target_mean={80 + 130 * order.pitch:.0f}"
        settings = ["-voice", order.voice, "--setf", stretch, "--setf", pitch]
        _run(["flite", *settings, "-t", spelled(order.text), "-o", file.name])
        return Path(file.name).read_bytes()


def _festival(batch: list[Order]) -> Iterator[Clip]:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "say.scm")
        script.write_text(
            "".join(
                f"(voice_{order.voice}) (Parameter.set 'Duration_Stretch {1 / order.speed:.3f})\n"
                f'(utt.save.wave (utt.synth (Utterance Text "{spelled(order.text)}")) "{folder}/{number}.wav" \'riff)\n'
                for number, order in enumerate(batch)
            )
        )
        _run(["festival", "-b", str(script)])
        for number, order in enumerate(batch):
            file = Path(folder, f"{number}.wav")
            if file.exists():
                yield from _clip(order, file.read_bytes())


def _samples(sound: bytes) -> Samples:
    # espeak-ng writes to a pipe, so the length in its header is not the true one
    if sound[:4] == b"RIFF":
        sound = sound[:4] + (len(sound) - 8).to_bytes(4, "little") + sound[8:]
    try:
        samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return np.zeros(0, np.int16)
    narrow = soxr.resample(samples[:, 0], rate, RATE)
    return np.clip(np.round(narrow * 32767), -32768, 32767).astype(np.int16)


def _run(command: list[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603 - our own commands
