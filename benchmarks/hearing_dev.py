"""How well yes and no are heard: the code behind `voicebot hear` over recordings of people the model never met.

    python benchmarks/hearing_dev.py --speech DIR [--split dev] [--plain]

DIR holds manifest.tsv (path, transcript, split, ...) and the sound files it names. Counts come with 95% bounds:
Wilson's interval, or 3/n (the rule of three) where nothing was counted.
"""

from __future__ import annotations

import csv
import math
import platform
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np
from rich.progress import track

from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE, Samples
from voicebot.speech.grammar_file import Sentence
from voicebot.speech.grammars import Grammar, Grammars
from voicebot.speech.locate_model import locate_model
from voicebot.speech.recording import TAIL_MS, Hearing, hear
from voicebot.speech.vosk_ears import VoskEars

WORDS = ("gsc/", "mycroft_wakewords/")
"""Corpora of single words; the others are sentences, noise and share-alike prompts."""
SPEECH_DB = -30.0
"""Speech ends where its level last was this far from the loudest moment."""
Row = tuple[str, Samples, Hearing]


def plain_grammar() -> Grammars:
    """Return the smallest grammar there is: yes, no and unknown speech."""
    sentences = (Sentence("yes", Meaning.YES, 1), Sentence("no", Meaning.NO, 2))
    return Grammars({"yes_no": Grammar(sentences, frozenset())})


def clips(folder: Path, split: str, most: int, other: int) -> list[tuple[str, Path]]:
    """Return (transcript, path) of at most `most` yes and no of a split and `other` other words; the seed is fixed."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["split"] == split]
    spoken = [(row["transcript"], folder / row["path"]) for row in rows if row["path"].startswith(WORDS)]
    random.Random(0).shuffle(spoken)
    answers = [clip for clip in spoken if clip[0] in {"yes", "no"}]
    others = [clip for clip in spoken if clip[0] not in {"yes", "no"}]
    return answers[:most] + others[:other]


def share(count: int, of: int) -> str:
    """Return a count with its 95% interval."""
    if not of:
        return "none"
    if count == 0:
        return f"0/{of} (below {300 / of:.2f}%)"
    z, p = 1.96, count / of
    middle, spread = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return f"{count}/{of} = {100 * p:.1f}% ({100 * low:.1f} to {100 * high:.1f})"


def speech_end_ms(samples: Samples) -> float:
    """Return where speech ends by its level, in ms, over windows of 20 ms."""
    windows = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    levels = 10 * np.log10(np.mean(windows**2, axis=1) + 1e-9)
    return 20.0 * float(np.flatnonzero(levels - levels.max() > SPEECH_DB)[-1] + 1)


def heard_seconds(samples: Samples, hearing: Hearing) -> float:
    """Return how much audio was decoded: all of it and the tail, unless an answer ended it."""
    if hearing.action is Action.ASK_AGAIN or hearing.decided_ms is None:
        return len(samples) / RATE + TAIL_MS / 1000
    return hearing.decided_ms / 1000


def report(rows: list[Row]) -> None:
    """Print the table."""
    for word in (Meaning.YES, Meaning.NO):
        counts = Counter((hearing.meaning, hearing.action) for said, _, hearing in rows if said == word)
        total = counts.total()
        swapped = Meaning.NO if word is Meaning.YES else Meaning.YES
        print(f"{word}: accepted {share(counts[word, Action.ACCEPT], total)}")
        print(f"  to be confirmed {share(counts[word, Action.CONFIRM], total)}")
        print(f"  taken for {swapped} {share(counts[swapped, Action.ACCEPT], total)}")
        print(f"  to be confirmed as {swapped} {share(counts[swapped, Action.CONFIRM], total)}")
    others = [(said, hearing) for said, _, hearing in rows if said not in {"yes", "no"}]
    for action in (Action.ACCEPT, Action.CONFIRM):
        taken = Counter((said, str(hearing.meaning)) for said, hearing in others if hearing.action is action)
        print(f"other words, {action}: {share(taken.total(), len(others))}; most: {taken.most_common(5)}")
    late = [
        h.decided_ms - speech_end_ms(s) for said, s, h in rows if said in {"yes", "no"} and h.decided_ms is not None
    ]
    print(f"end of word to answer: p50 {np.percentile(late, 50):.0f} ms, p95 {np.percentile(late, 95):.0f} ms of audio")


@click.command()
@click.option("--speech", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--split", default="dev", show_default=True)
@click.option("--other", default=10_000, help="At most this many other words.")
@click.option("--most", default=10_000, help="At most this many of yes and no together.")
@click.option("--plain", is_flag=True, help="Listen for yes, no and unknown speech only.")
@click.option("--model", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(speech: Path, split: str, other: int, most: int, plain: bool, model: Path | None) -> None:
    """Print how well yes and no are heard in the recordings of a folder."""
    grammars = plain_grammar() if plain else Grammars.load(assets.GRAMMARS)
    ears = VoskEars(locate_model(model))
    rows: list[Row] = []
    cpu, audio = 0.0, 0.0
    for said, path in track(clips(speech, split, most, other)):
        samples = read_audio(path)
        started = time.thread_time()
        hearing = hear(samples, ears, grammars, "yes_no")
        cpu += time.thread_time() - started
        audio += heard_seconds(samples, hearing)
        rows.append((said, samples, hearing))
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}; {split}, {'plain' if plain else 'full'} grammar")
    report(rows)
    print(f"CPU per second of audio: {cpu / audio:.4f} s")


if __name__ == "__main__":
    main()
