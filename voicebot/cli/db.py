"""`voicebot db`: upgrades and backs up the store of calls. The work is voicebot.storage's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from voicebot.config import load_settings
from voicebot.storage.backup import backup as copy_database
from voicebot.storage.call_index import rebuild
from voicebot.wiring import open_store


@click.group()
def db() -> None:
    """Upgrade or back up the store of calls."""


@db.command()
def upgrade() -> None:
    """Bring the database to what this version works with; makes it if there is none. Calls may go on meanwhile."""
    with closing(open_store(load_settings())) as store:
        for done in rebuild(store.engine):
            click.echo(f"{done} calls are indexed.", err=True)
    click.echo("The database is up to date.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE while calls go on, and check the copy."""
    with closing(open_store(load_settings())) as store:
        copy_database(store.engine, file)
    click.echo(f"{file} is a whole copy of the database.")
