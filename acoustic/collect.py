"""The clean speech that training begins with: shards of recordings, synthetic voices, noises and rooms. No channel yet.

    python -m acoustic.collect --speech DIR --work DIR

A shard that is there is not made again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from rich.progress import track

from acoustic.corpus import Kind, Recording, Split, load, read_corpus, summary
from acoustic.lexicon import Lexicon, common_words, dictionary
from acoustic.nobody import nobody
from acoustic.sentences import texts
from acoustic.shards import Clip, read_shard, write_shard
from acoustic.synthesis import Order, orders, speak
from voicebot.assets import GRAMMARS
from voicebot.speech.grammars import UNKNOWN, Grammars

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

SYNTHETIC = 27_000
"""Synthetic clips to train on: about 8 hours."""
HELD_OUT = 1_500
"""Synthetic clips by other voices, for scoring."""
NOISES = 2_000
"""Clips without speech."""
COMMON = 6_000
"""How many of the commonest words the synthetic voices say."""
PORTION = 250
"""Clips a worker makes at a time."""


def collect(speech: Path, work: Path, jobs: int = 2) -> None:
    """Write the shards of clean speech into `work`.

    Raises click.ClickException if the recordings break a rule of `corpus.check`.
    """
    work.mkdir(parents=True, exist_ok=True)
    recordings = read_corpus(speech)
    click.echo(summary(recordings))
    known = dictionary()
    training = [row for row in recordings if row.split is Split.TRAIN]
    spoken = [row for row in training if row.kind is Kind.SPEECH and row.text]
    _shard(work / "recorded.npz", lambda: load(_pronounceable(spoken, known)))
    _shard(work / "noises.npz", lambda: load(row for row in training if row.kind is Kind.NOISE))
    _shard(work / "rooms.npz", lambda: load(row for row in training if row.kind is Kind.ROOM))
    _shard(work / "silent.npz", lambda: nobody(_noises(work), NOISES, seed=3))
    draw = texts(_phrases(), known, common_words(known, COMMON)).draw
    _shard(work / "synthetic.npz", lambda: _spoken(SYNTHETIC, 1, draw, jobs))
    _shard(work / "held_out.npz", lambda: _spoken(HELD_OUT, 2, draw, jobs, held_out=True))


def _shard(path: Path, make: Callable[[], Iterable[Clip]]) -> None:
    if not path.exists():
        click.echo(f"{path.stem}: {write_shard(path, make())} clips")


def _pronounceable(recordings: list[Recording], known: Lexicon) -> list[Recording]:
    kept = [row for row in recordings if all(word in known for word in row.text.split())]
    click.echo(f"{len(recordings) - len(kept)} recordings have a word without a pronunciation and are left out")
    return kept


def _noises(work: Path) -> list[NDArray[np.float64]]:
    return [clip.samples.astype(np.float64) for clip in read_shard(work / "noises.npz")]


def _phrases() -> list[str]:
    grammars = Grammars.load(GRAMMARS)
    return sorted({phrase for name in grammars.names() for phrase in grammars.phrases(name)} - {UNKNOWN})


def _spoken(
    count: int, seed: int, draw: Callable[[random.Random], str], jobs: int, *, held_out: bool = False
) -> list[Clip]:
    listed = orders(count, seed, draw, held_out=held_out)
    portions = [listed[start : start + PORTION] for start in range(0, len(listed), PORTION)]
    with get_context("fork").Pool(jobs) as pool:
        made = track(pool.imap(_speak, portions), "synthetic voices", len(portions))
        return [clip for clips in made for clip in clips]


def _speak(portion: list[Order]) -> list[Clip]:
    return list(speak(portion))


@click.command()
@click.option("--speech", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), required=True)
def main(speech: Path, work: Path) -> None:
    """Collect recordings and synthetic speech."""
    collect(speech, work)


if __name__ == "__main__":
    main()
