"""`voicebot model`: the speech model in use. Prints; voicebot.speech finds, checks and fetches."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from voicebot import assets
from voicebot.config import load_settings
from voicebot.speech import codec
from voicebot.speech.grammars import Grammars, check_vocabulary
from voicebot.speech.locate_model import locate_model, model_info
from voicebot.speech.vosk_ears import VoskEars, fetch_model

STOCK = "vosk-model-small-en-us-0.15"


@click.group()
def model() -> None:
    """Tell about the speech model in use."""


@model.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def info(as_json: bool) -> None:
    """Tell where the model is and what it is."""
    row = asdict(model_info(locate_model(load_settings().model)))
    row["path"] = str(row["path"])
    click.echo(json.dumps(row) if as_json else "\n".join(f"{name}: {value}" for name, value in row.items()))


@model.command()
def verify() -> None:
    """Check the model's files, load it, look up every word of the grammars and let it hear a second of silence."""
    path = locate_model(load_settings().model)
    ears = VoskEars(path)
    grammars = Grammars.load(assets.GRAMMARS)
    check_vocabulary(grammars, ears)
    for name in grammars.names():
        listening = ears.listen(grammars.phrases(name))
        listening.feed(codec.SILENCE * codec.RATE)
        listening.finish()
    click.echo(f"{path}: loads, knows every word of the grammars and hears.")


@model.command()
@click.argument("name", default=STOCK)
def fetch(name: str) -> None:
    """Download the stock Vosk model NAME into the data folder, with Vosk's own downloader."""
    folder = load_settings().data_dir / "models"
    click.echo(f"{fetch_model(name, folder)}: use it with VOICEBOT_MODEL set to this path.")
