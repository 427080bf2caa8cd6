"""`voicebot grammars`: checks and samples what a caller may say. Prints; voicebot.speech.grammars reads and checks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from voicebot import assets
from voicebot.config import load_settings
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import Grammars, check_vocabulary
from voicebot.speech.locate_model import locate_model

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=assets.GRAMMARS,
    help="Grammar files; the bundled ones if left out.",
)


@click.group()
def grammars() -> None:
    """Check and sample what a caller may say."""


@grammars.command()
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def check(folder: Path, as_json: bool) -> None:
    """Check that every grammar can be read, is unambiguous and is made of words the speech model knows."""
    from voicebot.speech.vosk_ears import VoskEars  # noqa: PLC0415 - sampling needs no speech library

    loaded = Grammars.load(folder)
    check_vocabulary(loaded, VoskEars(locate_model(load_settings().model)))
    counts = {name: len(loaded.get(name).sentences) for name in loaded.names()}
    if as_json:
        click.echo(json.dumps({"grammars": counts}))
    else:
        click.echo("\n".join(f"{name}: {count} sentences, all known to the model" for name, count in counts.items()))


@grammars.command()
@folder_option
@click.argument("name", default="yes_no")
@click.option(
    "--meaning", type=click.Choice([str(meaning) for meaning in Meaning]), help="Only sentences that mean this."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def sample(folder: Path, name: str, meaning: str | None, as_json: bool) -> None:
    """Print every sentence of the grammar NAME with its meaning."""
    sentences = Grammars.load(folder).get(name).sentences
    rows = [(s.meaning, s.text.replace(",", "")) for s in sentences if meaning in {None, s.meaning}]
    if as_json:
        click.echo(json.dumps([{"sentence": text, "meaning": meant} for meant, text in rows]))
    else:
        click.echo("\n".join(f"{meant:10} {text}" for meant, text in rows))
