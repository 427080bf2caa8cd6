"""How well people are understood whom a model does not know, over all who trained it: one shorter training a fold.

    python -m acoustic.cross_validate --work DIR --folds 3

DIR is the folder of a finished training (train.py): its features are used again, without the speakers of the fold;
what these say is then heard and counted by the parts of benchmarks/hearing. The weights of the opinions are those of
a finished model: they were fitted on other people again. A fold that was heard is not trained again.
"""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acoustic import lexicon
from acoustic.folds import PEOPLE, fold_of, leave_out
from acoustic.prepare import NETWORKS
from acoustic.train import Stage, run
from benchmarks.hearing_parts import runs
from benchmarks.hearing_parts.clips import ANSWERS, OTHERS_PER_ANSWER, Clip, find_clips
from benchmarks.hearing_parts.conditions import NOISE, RECORDED, Condition, variants
from benchmarks.hearing_parts.engines import GRAMMAR, Maker, Spec, grammars
from benchmarks.hearing_parts.noises import Bank
from benchmarks.hearing_parts.scores import Share, by, tally
from voicebot.assets import MODEL
from voicebot.speech.confidence import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.hearing_parts.rows import Row

CONDITIONS = (RECORDED, NOISE[1])
"""As recorded, and at 10 dB in one of the noises, which goes by the clip."""


def stages(fold: Path, phone_epochs: int, word_epochs: int) -> list[Stage]:
    """Return the stages of a fold's training, from its features to its model without weights."""
    phones, words, model = fold / "phones.pt", fold / "words.1.pt", fold / "model"
    network, graph = model / "am/final.mdl", model / "graph/disambig_tid.int"
    features = tuple(fold / net / f"{PEOPLE}.0.npz" for net in NETWORKS)
    learn_phones = ("acoustic.train_phones", "--features", str(fold / "phones"), "--out", str(phones))
    learn_words = ("acoustic.train_words", "--work", str(fold), "--seed", "1")
    return [
        Stage("phone network", (*learn_phones, "--epochs", str(phone_epochs)), (phones,), features, beside=True),
        Stage("word network", (*learn_words, "--epochs", str(word_epochs)), (words,), features, beside=True),
        Stage("export", ("acoustic.export_model", str(phones), str(model)), (network,), (phones,)),
        Stage("graph", ("acoustic.build_graph", str(model)), (graph,), (network, Path(lexicon.__file__))),
        Stage("opinion", ("acoustic.export_words", str(model), str(words)), (model / "second_opinion.npz",), (words,)),
    ]


def left_out(clips: Iterable[Clip], fold: int, folds: int) -> list[Clip]:
    """Return the yes and no of a fold's speakers, and OTHERS_PER_ANSWER times as many of their other words."""
    theirs = [clip for clip in clips if fold_of(clip.corpus, clip.speaker, folds) == fold]
    answers = [clip for clip in theirs if clip.truth in ANSWERS]
    others = [clip for clip in theirs if clip.truth is None]
    return answers + others[: OTHERS_PER_ANSWER * len(answers)]


def tasks(clips: Iterable[Clip], conditions: Sequence[Condition], bank: Bank) -> list[runs.Task]:
    """Return every clip in every condition, in one variant each."""
    listed = []
    for clip in clips:
        for condition in conditions:
            every = variants(condition, bank)
            listed.append((clip, condition, every[zlib.crc32(clip.name.encode()) % len(every)]))
    return listed


def hear(model: Path, speech: Path, fold: int, folds: int, kept: Path, jobs: int) -> list[Row]:
    """Return what a fold's model makes of those it does not know; what was heard is kept in the folder `kept`."""
    spec = Spec("fold", Maker.VOSK, model)
    everyone = find_clips(speech, "train", grammars(spec).get(GRAMMAR).understand)
    bank = Bank.load(speech, everyone)
    return runs.run(spec, bank, tasks(left_out(everyone, fold, folds), CONDITIONS, bank), [], kept, jobs).rows


def table(rows: Sequence[Row]) -> str:
    """Return a Markdown table of the figures, each with its count and the bounds it allows (Wilson, 95%)."""
    lines = [
        "| condition | yes/no right | of these to confirm | swapped | other words taken |",
        "|---|---|---|---|---|",
    ]
    for condition, here in by(rows, lambda row: row.condition).items():
        told = tally(here)
        figures = (_share(told.right), str(told.confirmed.count), _share(told.swapped), _share(told.taken))
        lines.append(f"| {' | '.join((condition, *figures))} |")
    return "\n".join(lines)


def _share(share: Share) -> str:
    if not share.of:
        return "none said"
    low, high = share.bounds
    return f"{100 * share.part:.1f}% ({share.count} of {share.of}; {100 * low:.1f} to {100 * high:.1f})"


@click.command()
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--folds", type=click.IntRange(min=2), default=3, show_default=True)
@click.option("--only", type=click.IntRange(min=0), multiple=True, help="These folds, counted from 0; else all.")
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=MODEL, help="Whose weights are used.")
@click.option("--phone-epochs", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--word-epochs", type=click.IntRange(min=1), default=6, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True)
def main(
    work: Path, folds: int, only: tuple[int, ...], model: Path, phone_epochs: int, word_epochs: int, jobs: int
) -> None:
    """Train without a part of the speakers, then hear them."""
    work = work.resolve()
    speech = Path((work / "speech.txt").read_text("utf-8").strip())
    rows: list[Row] = []
    for number in only or range(folds):
        fold = work / "folds" / f"{number}of{folds}"
        for net in NETWORKS:
            click.echo(f"fold {number}: {leave_out(work / net, fold / net, number, folds)} clips are left out of {net}")
        run(stages(fold, phone_epochs, word_epochs), jobs)
        shutil.copy(model / FILE, fold / "model" / FILE)
        heard = hear(fold / "model", speech, number, folds, fold / "heard", jobs)
        click.echo(f"\nfold {number} of {folds}\n{table(heard)}")
        rows += heard
    click.echo(f"\nall of them\n{table(rows)}")


if __name__ == "__main__":
    main()
