"""`voicebot dialog`: the table of the dialog, as a page."""

from __future__ import annotations

import click

from voicebot.config import load_settings
from voicebot.dialog.drawing import page
from voicebot.wiring import load_ruleset


@click.group()
def dialog() -> None:
    """Look at the dialog's table."""


@dialog.command("page")
def page_command() -> None:
    """Print docs/dialog.md: where a call goes from each step."""
    click.echo(page(load_ruleset(load_settings())), nl=False)
