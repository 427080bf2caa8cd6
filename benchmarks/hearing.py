"""How well callers are understood: the same clips over the same channel through our ears and others'. The shell only.

    python -m benchmarks.hearing --speech DIR [--engines ours,pocketsphinx] [--baseline PATH] [--out docs/hearing]

DIR holds recordings (see `acoustic/corpus.py`). What was heard is kept in `--work`: a second run listens only to what
is new, and `--redraw` to nothing. The parts are in `hearing_parts/`; what is measured, and how, in docs/hearing.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.hearing_parts import page, tables
from benchmarks.hearing_parts.clips import find_clips
from benchmarks.hearing_parts.conditions import ALL, MAIN, SPOKEN, variants_for
from benchmarks.hearing_parts.engines import GRAMMAR, Spec, grammars, specs
from benchmarks.hearing_parts.noises import Bank
from benchmarks.hearing_parts.runs import Run, newest_run, run
from benchmarks.hearing_parts.stretches import stretches
from benchmarks.hearing_parts.synthetic import missing_programs, spoken_clips
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from benchmarks.hearing_parts.runs import Task

ROOT = Path(__file__).resolve().parents[1]
HOLD_MUSIC = Path("/usr/share/asterisk/moh")
"""Where Debian's asterisk-moh-opsound-wav puts real hold music."""
_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--speech", type=_folder, required=True, help="Recordings.")
@click.option("--split", default="dev", show_default=True, help="train: people the model knows.")
@click.option(
    "--engines", default="ours", show_default=True, help="Names with commas between; the first is reported in full."
)
@click.option("--model", type=_folder, help="Another model as `ours`.")
@click.option("--baseline", type=_folder, help="A model to compare with: `bring-up`, `bring-up-plain`.")
@click.option("--stock", type=_folder, help="Any stock Vosk model: `stock`.")
@click.option("--stock-words", nargs=2, help="What that model calls yes and no, if not so.")
@click.option("--most", type=int, help="At most so many yes and no, and four times as many others.")
@click.option("--all", "everything", is_flag=True, help="All conditions, not the main ones only.")
@click.option(
    "--music", type=_folder, default=HOLD_MUSIC if HOLD_MUSIC.is_dir() else None, help="Sound files of music."
)
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--work", type=click.Path(path_type=Path), default=ROOT / "var" / "hearing", help="What was heard.")
@click.option("--redraw", is_flag=True, help="Listen to nothing; show the last results, whatever changed since.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures; the page is the .md file beside it.")
@click.option("--readme", is_flag=True, help="Write the short table into README.md and the model card.")
def main(
    speech: Path, split: str, engines: str, model: Path | None, baseline: Path | None, stock: Path | None,
    stock_words: tuple[str, str] | None, most: int | None, everything: bool, music: Path | None, jobs: int, work: Path,
    redraw: bool, out: Path | None, readme: bool,
) -> None:  # fmt: skip
    """Measure how well yes, no and everything else is heard, and show it."""
    known = specs(model, baseline, stock, stock_words)
    names = engines.split(",")
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"No recognizer {', '.join(unknown)}; there are {', '.join(known)}.")
    chosen = [known[name] for name in names]
    try:
        runs = _earlier(chosen, work) if redraw else _listen(chosen, speech, split, most, everything, music, jobs, work)
        _show(runs, out, readme)
    except VoicebotError as error:
        raise click.ClickException(str(error)) from error
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: pip install -e .[benchmarks]") from error


def _earlier(chosen: list[Spec], work: Path) -> list[Run]:
    found = [newest_run(spec, work) for spec in chosen]
    if missing := [spec.name for spec, earlier in zip(chosen, found, strict=True) if earlier is None]:
        raise click.UsageError(f"{', '.join(missing)} never listened: run without --redraw first.")
    return [earlier for earlier in found if earlier]


def _listen(
    chosen: list[Spec], speech: Path, split: str, most: int | None, everything: bool, music: Path | None, jobs: int,
    work: Path,
) -> list[Run]:  # fmt: skip
    grammar = grammars(specs()["ours"]).get(GRAMMAR)
    everyone = find_clips(speech, split, grammar.understand)
    bank = Bank.load(speech, everyone)
    clips = everyone if most is None else find_clips(speech, split, grammar.understand, most)
    tasks: list[Task] = [
        (clip, condition, variant)
        for condition in (ALL if everything else MAIN)
        for clip in clips
        for variant in variants_for(clip, condition, bank)
    ]
    if missing := missing_programs():
        click.echo(f"No synthetic phrases: {', '.join(missing)} not installed.", err=True)
    else:
        spoken = spoken_clips(grammar.sentences, work / "synthetic")
        tasks += [(clip, SPOKEN, "") for clip in (spoken if most is None else spoken[:: max(1, len(spoken) // most)])]
    if music is None:
        click.echo("No recorded music: Debian's asterisk-moh-opsound-wav has some, or see --music.", err=True)
    minutes = list(stretches(bank, music, work / "prompts"))
    minutes = minutes if most is None else minutes[:: max(1, len(minutes) // most)]
    return [run(spec, bank, tasks, minutes, work, jobs) for spec in chosen]


def _show(runs: list[Run], out: Path | None, readme: bool) -> None:
    click.echo(page.summary(runs))
    click.echo(f"\n{tables.verdicts(runs[0])}")
    if out:
        from benchmarks.hearing_parts.plots import draw  # noqa: PLC0415 - matplotlib is an extra

        shown = page.report(runs, draw(runs, out), out.name)
        page.fill(out.with_suffix(".md"), shown)
        click.echo(f"{out.with_suffix('.md')}, {out}/")
    if readme:
        page.fill(ROOT / "README.md", page.summary(runs))
        page.fill(ROOT / "docs" / "model-card.md", page.card(runs[0]))


if __name__ == "__main__":
    main()
