"""Listens to clips and stretches in several processes and keeps what was heard, so that no sound is heard twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from rich.progress import track
from tenacity import retry, retry_if_exception_type, stop_after_attempt

from benchmarks.hearing_parts.clips import Clip, falls, locate
from benchmarks.hearing_parts.conditions import Condition, apply
from benchmarks.hearing_parts.engines import Engine, Spec, fingerprint, megabytes, open_engine
from benchmarks.hearing_parts.rows import Answer, Row, StretchRow, read_rows, read_stretches, to_json
from voicebot.dialog.answers import Action
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE, Samples
from voicebot.speech.recording import TAIL_MS, Hearing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from benchmarks.hearing_parts.noises import Bank
    from benchmarks.hearing_parts.stretches import Stretch

CHUNK = 8
"""Clips handed to a process at once."""
ATTEMPTS = 3
"""A process that was killed from outside takes its pool with it; a new pool goes on behind what was kept."""
LOADS = 3
"""A model is loaded so many times; the shortest counts, as others may use the machine meanwhile."""
Task = tuple[Clip, Condition, str]
_Out = TypeVar("_Out", Row, StretchRow)


@dataclass(frozen=True)
class Run:
    """All that was heard by one recognizer."""

    spec: Spec
    about: dict[str, Any]
    """date, machine, load_s, megabytes."""
    rows: list[Row]
    stretches: list[StretchRow]


def newest_run(spec: Spec, work: Path) -> Run | None:
    """Return what a recognizer heard last, whatever has changed since; None if it never listened."""
    folders = sorted(work.glob(f"{spec.name}-" + "[0-9a-f]" * 10), key=lambda folder: folder.stat().st_mtime)
    return _read(spec, folders[-1]) if folders else None


def run(spec: Spec, bank: Bank, tasks: Sequence[Task], stretches: Iterable[Stretch], work: Path, jobs: int) -> Run:
    """Let a recognizer listen to whatever it has not heard yet, and return what it made of all that was asked for.

    Raises what `open_engine` raises.
    """
    folder = work / f"{spec.name}-{fingerprint(spec)}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "about.json").is_file():
        (folder / "about.json").write_text(json.dumps(_about(spec)), "utf-8")
    minutes = list(stretches)
    _listen(spec, bank, tasks, minutes, folder, jobs)
    asked = {_key(task) for task in tasks}
    now = _read(spec, folder)
    names = {stretch.title for stretch in minutes}
    return Run(
        spec,
        now.about,
        [row for row in now.rows if row.key in asked],
        [row for row in now.stretches if row.title in names],
    )


@retry(retry=retry_if_exception_type(BrokenProcessPool), stop=stop_after_attempt(ATTEMPTS), reraise=True)
def _listen(spec: Spec, bank: Bank, tasks: Sequence[Task], minutes: Sequence[Stretch], folder: Path, jobs: int) -> None:
    """Hear whatever is not kept in `folder` yet."""
    earlier = _read(spec, folder)
    heard, known = {row.key for row in earlier.rows}, {row.title for row in earlier.stretches}
    new = [task for task in tasks if _key(task) not in heard]
    unheard = [stretch for stretch in minutes if stretch.title not in known]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _open, (spec, bank)) as pool:
        _keep(folder / "clips.jsonl", pool.map(_hear_clip, new, chunksize=CHUNK), len(new), spec.name)
        _keep(folder / "stretches.jsonl", pool.map(_hear_stretch, unheard), len(unheard), f"{spec.name}, no answers")


def answers_in(hear: Callable[[Samples], Hearing], samples: Samples) -> tuple[Answer, ...]:
    """Return every answer heard in sound: after each the line listens on."""
    answers, start = [], 0
    while start < len(samples):
        hearing = hear(samples[start:])
        if hearing.action is Action.ASK_AGAIN or hearing.meaning is None:
            break
        # without a time of decision nothing tells where to listen on
        taken = len(samples) if hearing.decided_ms is None else hearing.decided_ms * RATE // 1000
        at_s = min(len(samples), start + taken) / RATE
        answers.append(Answer(at_s, hearing.text, hearing.meaning, hearing.action, round(hearing.confidence, 3)))
        start += max(taken, RATE // 50)
    return tuple(answers)


def heard_seconds(samples: Samples, hearing: Hearing) -> float:
    """Return how much sound was decoded: all of it and the silence after it, unless an answer ended it."""
    if hearing.action is Action.ASK_AGAIN or hearing.decided_ms is None:
        return len(samples) / RATE + TAIL_MS / 1000
    return hearing.decided_ms / 1000


def _read(spec: Spec, folder: Path) -> Run:
    about = json.loads((folder / "about.json").read_text("utf-8"))
    return Run(spec, about, read_rows(folder / "clips.jsonl"), read_stretches(folder / "stretches.jsonl"))


def _about(spec: Spec) -> dict[str, Any]:
    machine = f"{os.cpu_count()} {platform.machine()} cores, Python {platform.python_version()}"
    took = []
    for _ in range(LOADS):
        began = time.perf_counter()
        open_engine(spec)
        took.append(time.perf_counter() - began)
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return {"date": date, "machine": machine, "load_s": round(min(took), 3), "megabytes": megabytes(spec)}


def _key(task: Task) -> tuple[str, str, str]:
    clip, condition, variant = task
    return (condition.name, variant, clip.name)


def _keep(path: Path, results: Iterable[_Out], count: int, title: str) -> None:
    """Append results as they come, each whole line at once."""
    if not count:
        return
    with path.open("a", encoding="utf-8", buffering=1) as file:
        for row in track(results, title, count):
            file.write(to_json(row))


_engine: Engine
_bank: Bank


def _open(spec: Spec, bank: Bank) -> None:
    global _engine, _bank  # what a process of the pool keeps between clips
    _engine, _bank = open_engine(spec), bank


def _hear_clip(task: Task) -> Row:
    clip, condition, variant = task
    clean = locate(read_audio(clip.path))
    speech = apply(condition, variant, clip, clean, _bank)
    began = time.process_time()
    hearing = _engine.hear(speech.samples)
    cpu_s = time.process_time() - began
    decided = None if hearing.decided_ms is None else hearing.decided_ms - speech.ends_ms
    return Row(
        *(clip.name, clip.said, clip.truth, clip.speaker, clip.corpus, condition.name, variant),
        *(hearing.text, hearing.meaning, hearing.action, round(hearing.confidence, 4), decided),
        *(falls(clean), round(cpu_s, 4), round(heard_seconds(speech.samples, hearing), 3)),
    )


def _hear_stretch(stretch: Stretch) -> StretchRow:
    seconds = round(len(stretch.samples) / RATE, 2)
    return StretchRow(stretch.title, stretch.group, seconds, answers_in(_engine.hear, stretch.samples))
