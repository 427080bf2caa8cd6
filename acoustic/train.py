"""The whole recipe, from recordings to the bundled model: every stage in order, those already done left out.

    script/train --speech DIR

Each stage is a command that can be run by itself; this module only knows their order and what each leaves behind. An
interrupted run goes on where it stopped. Nothing here computes anything.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import click

from acoustic import lexicon
from acoustic.build_graph import PLUGIN
from acoustic.prepare import COPIES, NETWORKS
from voicebot.assets import GRAMMARS, MODEL

PHONE_EPOCHS = 14
WORD_EPOCHS = 20
WORD_SEEDS = (1, 2, 3)
"""A word network for each; their opinions are averaged."""

NEEDED = {
    "usr/bin/espeak-ng": "espeak-ng",
    "usr/bin/flite": "flite",
    "usr/bin/festival": "festival",
    "usr/share/festival/voices/*/kal_diphone": "festvox-kallpc16k",
    "usr/share/festival/voices/*/ked_diphone": "festvox-kdlpc16k",
    "usr/share/festival/voices/*/cmu_us_slt_arctic_hts": "festvox-us-slt-hts",
    "usr/bin/fstconvert": "libfst-tools",
    PLUGIN: "libfst22-plugins-base",
}
"""Files of Debian's that the recipe uses -> the package that brings each."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the recipe."""

    title: str
    command: tuple[str, ...]
    """A module and its arguments."""
    outputs: tuple[Path, ...] = ()
    """What it leaves behind. None: it is run every time."""
    inputs: tuple[Path, ...] = ()
    """What it must be run again for when it has changed."""
    beside: bool = False
    """It may run at the same time as its neighbors that may too: none of them reads what another makes."""

    @property
    def done(self) -> bool:
        """Tell whether the outputs stand and are no older than the inputs."""
        if not self.outputs or not all(output.exists() for output in self.outputs):
            return False
        made = min(output.stat().st_mtime for output in self.outputs)
        return all(given.stat().st_mtime <= made for given in self.inputs if given.exists())


def missing(root: Path = Path("/")) -> list[str]:
    """Return the Debian packages that the recipe needs and that this machine lacks."""
    return [package for pattern, package in NEEDED.items() if not any(root.glob(pattern))]


def stages(speech: Path, work: Path) -> list[Stage]:
    """Return all stages for the recordings in `speech`; `work` keeps what they leave, the model in `work`/model."""
    model = work / "model"
    shards = (*(f"{name}.npz" for name in COPIES), "noises.npz", "rooms.npz", "held_out.npz")
    copies = [f"{net}/{name}.{i}.npz" for net in NETWORKS for name, many in COPIES.items() for i in range(many)]
    phones, words = work / "phones.pt", tuple(work / f"words.{seed}.pt" for seed in WORD_SEEDS)
    network, graph, opinion = model / "am/final.mdl", model / "graph/disambig_tid.int", model / "second_opinion.npz"
    return [
        Stage(
            "check the recordings, let synthetic voices speak",
            ("acoustic.collect", "--speech", str(speech), "--work", str(work)),
            tuple(work / name for name in shards),
        ),
        Stage(
            "send all of it through telephone channels",
            ("acoustic.prepare", "--work", str(work)),
            tuple(work / name for name in copies),
        ),
        Stage(
            "train the phone network",
            (
                *("acoustic.train_phones", "--features", str(work / "phones"), "--out", str(phones)),
                *("--epochs", str(PHONE_EPOCHS)),
            ),
            (phones,),
            tuple(work / name for name in copies if name.startswith("phones/")),
            beside=True,
        ),
        *(
            Stage(
                f"train word network {seed}",
                ("acoustic.train_words", "--work", str(work), "--epochs", str(WORD_EPOCHS), "--seed", str(seed)),
                (words_network,),
                tuple(work / name for name in copies if name.startswith("words/")),
                beside=True,
            )
            for seed, words_network in zip(WORD_SEEDS, words, strict=True)
        ),
        Stage(
            "write it as Vosk reads it",
            ("acoustic.export_model", str(phones), str(model)),
            (network,),
            (phones,),
        ),
        Stage(
            "build the graph of all words",
            ("acoustic.build_graph", str(model)),
            (graph,),
            (network, Path(lexicon.__file__), *GRAMMARS.rglob("*.yaml")),
        ),
        Stage(
            "write the word networks as voicebot reads them",
            ("acoustic.export_words", str(model), *map(str, words)),
            (opinion,),
            words,
        ),
        Stage(
            "weigh the opinions",
            ("acoustic.calibrate", "--speech", str(speech), "--work", str(work), "--model", str(model)),
            (model / "confidence.json",),
            (network, graph, opinion),
        ),
        Stage(
            "score the model on people it never heard",
            ("benchmarks.hearing", "--speech", str(speech), "--model", str(model), "--work", str(work / "hearing")),
        ),
    ]


def begin(speech: Path, work: Path) -> None:
    """Make the folder `work`; raises click.ClickException if it was made for other recordings."""
    work.mkdir(parents=True, exist_ok=True)
    note = work / "speech.txt"
    if note.exists() and note.read_text("utf-8").strip() != str(speech):
        raise click.ClickException(f"{work} was begun with other recordings ({note}): name another --work.")
    note.write_text(f"{speech}\n", "utf-8")


def run(recipe: list[Stage], jobs: int = 1) -> None:
    """Run the stages that are left; `jobs` of those that may run beside others at a time.

    Raises click.ClickException when one fails, or ends without what it should leave.
    """
    numbered = [(f"{number}/{len(recipe)} {stage.title}", stage) for number, stage in enumerate(recipe, start=1)]
    for beside, group in groupby(numbered, key=lambda row: row[1].beside):
        if not beside or jobs == 1:
            for place, stage in group:
                _run(place, stage, tell_whose=False)
            continue
        with ThreadPoolExecutor(jobs) as pool:
            for done in [pool.submit(_run, place, stage, tell_whose=True) for place, stage in group]:
                done.result()


def _run(place: str, stage: Stage, *, tell_whose: bool) -> None:
    if stage.done:
        click.secho(f"{place}: done before", dim=True)
        return
    click.secho(f"{place}: python -m {' '.join(stage.command)}", bold=True)
    began = time.monotonic()
    result = (_run_told if tell_whose else _run_plain)(stage)
    if result:
        raise click.ClickException(f"Stage {place} failed. Mend what it says, then start again: it goes on here.")
    if left_out := [str(output) for output in stage.outputs if not output.exists()]:
        raise click.ClickException(f"Stage {place} ended without {', '.join(left_out)}.")
    click.echo(f"{place}: {(time.monotonic() - began) / 60:.1f} min")


def _run_plain(stage: Stage) -> int:
    return subprocess.run([sys.executable, "-m", *stage.command], check=False).returncode  # noqa: S603 - our own


def _run_told(stage: Stage) -> int:
    """Run a stage, its title before each line it prints: others print at the same time."""
    command = [sys.executable, "-u", "-m", *stage.command]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:  # noqa: S603 - our own
        for line in running.stdout or ():
            if line.strip():
                click.echo(f"  {stage.title}: {line.rstrip()}")
    return running.returncode


@click.command()
@click.option("--speech", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), default=Path("var/training"))
@click.option("--model", type=click.Path(path_type=Path, file_okay=False), default=MODEL, help="Where it is put.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Networks trained at a time.")
def main(speech: Path, work: Path, model: Path, jobs: int) -> None:
    """Train the bundled model on the recordings of the folder SPEECH and put it in its place."""
    if packages := missing():
        raise click.ClickException(f"This machine lacks programs: sudo apt install {' '.join(packages)}")
    speech, work = speech.resolve(), work.resolve()
    begin(speech, work)
    run(stages(speech, work), jobs)
    shutil.copytree(work / "model", model, dirs_exist_ok=True)
    click.echo(f"The model is in {model}.")


if __name__ == "__main__":
    main()
