"""What each step of hearing an answer costs, in CPU, with the kernels Vosk's arithmetic is told to use and without.

    python -m benchmarks.steps [--rounds 3] [--kernels Prescott]

The recordings are those of the tests, each behind two seconds of a quiet line, heard as on a call: one after the other,
in a process for each choice of kernels (they are chosen when Vosk is loaded), in turn. CPU time is that of the thread.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click
import numpy as np

from voicebot import assets
from voicebot.dialog.turn import QUIET_MS
from voicebot.speech import codec
from voicebot.speech.attention import Attention
from voicebot.speech.audio import read_audio
from voicebot.speech.echo import Echo
from voicebot.speech.grammars import Grammars
from voicebot.speech.locate_model import locate_model
from voicebot.speech.processor import CHOICE
from voicebot.speech.quiet import PIECE_MS, Quiet
from voicebot.speech.vosk_ears import PIECE_BYTES, VoskEars
from voicebot.speech.weigher import load_weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voicebot.speech.ears import Listening

RECORDINGS = Path(__file__).resolve().parents[1] / "tests/audio/gsc"
GRAMMAR = "yes_no"
LINE_DB = -60.0
"""The noise of a quiet line, relative to full scale: digital silence would flatter."""
BEFORE_MS, AFTER_MS = 2000, QUIET_MS
"""The line is quiet so long before a recording, and so long after it until an ordinary answer is over."""
RECOGNIZERS = 20
"""So many new ones are made."""
ALONE = {"OPENBLAS_NUM_THREADS": "1"}
"""As `voicebot` sets it for numpy's arithmetic."""
STEPS = {
    "recognizer": "a new recognizer",
    "waking": "waking: the last half second at once",
    "decoding": "decoding, for each second of sound",
    "end": "the end of an answer, its second hearing included",
    "second hearing": "its second hearing alone",
    "own voice": "the comparison with the line's own voice",
}


class Stopwatch:
    """CPU times of this thread, ms, by what they were spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {step: [] for step in STEPS}

    def time(self, step: str | None, work: Callable[[], object]) -> float:
        """Do some work; return its CPU time, ms, and note it if it is a step."""
        began = time.thread_time()
        work()
        ms = 1000 * (time.thread_time() - began)
        if step:
            self.spent[step].append(ms)
        return ms


def on_a_quiet_line(samples: codec.Samples, chance: np.random.Generator) -> bytes:
    """Return a recording as mu-law, with the noise of a line under it, before it and after it."""
    spoken = np.pad(samples.astype(np.float64), (BEFORE_MS * 8, AFTER_MS * 8))
    noise = chance.normal(0, 32768 * 10 ** (LINE_DB / 20), len(spoken))
    return codec.encode(np.clip(np.rint(spoken + noise), -32768, 32767).astype(np.int16))


def pieces(mulaw: bytes) -> Iterator[tuple[bytes, bool, bool]]:
    """Return each 20 ms of a sound, whether a recognizer listens to it, and whether it wakes just then."""
    attention, quiet = Attention(LINE_DB), Quiet()
    for start in range(0, len(mulaw), PIECE_BYTES):
        piece = mulaw[start : start + PIECE_BYTES]
        quiet.hear(codec.mulaw_level_db(piece))
        was_awake = attention.awake
        attention.hear(quiet.level_db, quiet.background_db, words=was_awake)
        yield piece, attention.awake, attention.awake and not was_awake


def measure() -> Stopwatch:
    """Hear every recording once; return what each step took."""
    model, watch, chance = locate_model(None), Stopwatch(), np.random.default_rng(0)
    ears, weigher, grammars = VoskEars(model), load_weigher(model), Grammars.load(assets.GRAMMARS)
    phrases = grammars.phrases(GRAMMAR)
    for number in range(RECOGNIZERS):
        # some phrases twice: a grammar of its own, for which no recognizer was made ahead
        watch.time("recognizer", partial(ears.listen, [*phrases, *phrases[: number + 1]]))
    played = b""
    for path in sorted(RECORDINGS.rglob("*.flac")):
        samples = read_audio(path)
        mulaw = on_a_quiet_line(samples, chance)
        _hear(ears.listen(phrases, partial(grammars.understand, GRAMMAR), LINE_DB), mulaw, watch)
        watch.time("second hearing", partial(weigher.second_opinion, samples))
        echo = Echo(0)
        echo.take(mulaw, ((played or mulaw) * 2)[: len(mulaw)])
        watch.time("own voice", partial(echo.is_own_voice, BEFORE_MS, len(mulaw) // codec.BYTES_PER_MS))
        played = mulaw
    return watch


def _hear(listening: Listening, mulaw: bytes, watch: Stopwatch) -> None:
    decoding_ms = sound_ms = 0.0
    for piece, awake, wakes in pieces(mulaw):
        ms = watch.time("waking" if wakes else None, partial(listening.feed, piece))
        if awake and not wakes:
            decoding_ms, sound_ms = decoding_ms + ms, sound_ms + PIECE_MS
    if sound_ms:
        watch.spent["decoding"].append(1000 * decoding_ms / sound_ms)
        watch.time("end", listening.conclude)


def table(measured: dict[str, list[dict[str, float]]]) -> Iterator[str]:
    """Return the lines of a table: what each round measured, by kernels, and how the first compare with the last."""
    first, *_, last = measured
    yield f"| a step, ms of CPU | {' | '.join(measured)} | ratio |"
    yield "| --- " * (2 + len(measured)) + "|"
    for step, title in STEPS.items():
        rounds = {kernels: [told[step] for told in runs] for kernels, runs in measured.items()}
        cells = [", ".join(f"{ms:.1f}" for ms in times) for times in rounds.values()]
        yield f"| {title} | {' | '.join(cells)} | {median(rounds[first]) / median(rounds[last]):.2f} |"


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--kernels", default="Prescott", show_default=True, help="What OpenBLAS is told instead (its name).")
@click.option("--one", is_flag=True, hidden=True)
def main(rounds: int, kernels: str, *, one: bool) -> None:
    """Measure in processes of their own, in turn, and show the medians."""
    if one:
        click.echo(json.dumps({step: median(spent) for step, spent in measure().spent.items()}))
        return
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {machine}, load before: {os.getloadavg()[0]:.1f}\n")
    chosen = os.environ.get(CHOICE, "OpenBLAS's own choice")
    measured: dict[str, list[dict[str, float]]] = {chosen: [], kernels: []}
    for _ in range(rounds):
        measured[chosen].append(_in_a_process({**os.environ, **ALONE}))
        measured[kernels].append(_in_a_process({**os.environ, **ALONE, CHOICE: kernels}))
    click.echo("\n".join(table(measured)))


def _in_a_process(environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.steps", "--one"]
    done = subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own
    medians: dict[str, float] = json.loads(done.stdout)
    return medians


if __name__ == "__main__":
    main()
