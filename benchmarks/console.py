"""How long the console's list takes over many calls, through the whole application: filters alone and together.

    python -m benchmarks.console [--calls N] [--rounds N] [--database URL]... [--out docs/console.md]

The calls are rows of the index, made up with a fixed seed; their records are left out, as the list never reads one.
A database that is named must be empty, and is filled; without one an SQLite file is made and thrown away.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING

import click
import numpy as np
from flask import Flask
from sqlalchemy import text

from benchmarks.console_parts.made_up import NOW, fill
from benchmarks.console_parts.queries import ALONE, together
from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import load_settings
from voicebot.parts import Parts
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars
from voicebot.speech.voice import RenderedPrompts
from voicebot.staff.roles import Role
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_search import CallSearch
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.triage.ruleset import parse_ruleset
from voicebot.web.console import add_console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.testing import FlaskClient
    from sqlalchemy import Engine

TARGET_MS = 200
BEGIN, END = "<!-- console: measured -->", "<!-- console: end -->"
SHOWN = 5
"""So many of the slowest queries are named."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long the requests of one query took, in ms, and their processor time."""

    query: str
    ms: tuple[float, ...]
    cpu_ms: tuple[float, ...]


def console(folder: Path, engine: Engine, snapshot: RuleSetSnapshot) -> FlaskClient:
    """Return the browser of a lead who is signed in to a console over `engine`."""
    parts = Parts(
        settings=load_settings(data_dir=folder),
        ruleset=parse_ruleset(snapshot.text, snapshot.id),
        snapshot=snapshot,
        grammars=Grammars.load(assets.GRAMMARS),
        ears=ScriptedEars([]),
        voice=RenderedPrompts({}),
        store=SqlStore(engine),
        engine=engine,
    )
    app = Flask(__name__)
    add_console(app, parts)
    app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: None)  # these calls have no record to look through
    desk = app.extensions["voicebot_console"]
    desk.clock = lambda: NOW
    client = app.test_client()
    client.set_cookie("console", desk.staff.begin_session(desk.staff.add("lead", Role.LEAD, None, NOW), NOW))
    return client


def measure(client: FlaskClient, name: str, query: str, rounds: int) -> Took:
    """Return how long each of `rounds` requests took, to the last byte of the answer."""
    taken, used = [], []
    for _ in range(rounds):
        began, began_cpu = time.perf_counter(), time.process_time()
        response = client.get(f"/console/calls?{query}", buffered=True)
        taken.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - began_cpu) * 1000)
        assert response.status_code == 200, response.status  # noqa: PLR2004
    return Took(name, tuple(taken), tuple(used))


def measure_all(engine: Engine, calls: int, rounds: int, combinations: int) -> dict[str, list[Took]]:
    """Fill the database and ask for every view: of one filter, within the list, of several filters."""
    rules = assets.RULESET.read_text(encoding="utf-8")
    ruleset = parse_ruleset(rules, assets.RULESET.name)
    snapshot = RuleSetSnapshot(ruleset.sha256, ruleset.id, ruleset.version, rules)
    upgrade(engine)
    with closing(SqlStore(engine)), TemporaryDirectory(prefix="voicebot-") as folder:
        if CallSearch(engine).page(CallFilter(), limit=1).calls:
            raise click.ClickException("This database holds calls. Name an empty one.")
        ids = fill(engine, calls, snapshot)
        if engine.dialect.name != "sqlite":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself a while after
        client = console(Path(folder), engine, snapshot)
        gc.collect()
        gc.freeze()  # as the server does before it answers anybody
        alone = ALONE | {"deep in the list": f"before={ids[calls // 2]}", "back": f"after={ids[calls // 2]}"}

        def every(queries: Mapping[str, str]) -> list[Took]:
            return [measure(client, name, query, rounds) for name, query in queries.items()]

        return {"one filter": every(alone), f"{combinations} combinations": every(together(combinations))}


def row(database: str, what: str, took: list[Took]) -> str:
    """Return a row of the table in the documentation: half, 95% and the slowest query's own 95%."""
    half, most = np.percentile([one for query in took for one in query.ms], [50, 95])
    slowest = _slowest(took)[0]
    worst = np.percentile(slowest.ms, 95)
    return f"| {database} | {what} | {half:.0f} ms | {most:.0f} ms | {worst:.0f} ms: {slowest.query} |"


def _slowest(took: list[Took]) -> list[Took]:
    return sorted(took, key=lambda one: float(np.percentile(one.ms, 95)), reverse=True)


@click.command()
@click.option("--calls", default=100_000, show_default=True)
@click.option("--rounds", default=10, show_default=True, help="Requests of each query.")
@click.option("--combinations", default=200, show_default=True, help="Queries of several filters.")
@click.option("--database", "urls", multiple=True, help="An empty database to fill.  [default: an SQLite file]")
@click.option("--out", type=click.Path(exists=True, path_type=Path), help="Page whose marked part is written anew.")
def main(calls: int, rounds: int, combinations: int, urls: tuple[str, ...], out: Path | None) -> None:
    """Fill a database, ask for every view, print how long each took."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    about = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, load before: {load:.1f}"
    about += f"; {calls:,} calls, {rounds} requests a query"
    click.echo(about)
    rows = []
    with TemporaryDirectory(prefix="voicebot-") as folder:
        for url in urls or (f"sqlite:///{Path(folder) / 'voicebot.db'}",):
            engine = open_engine(url)
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine.dialect.name]
            for what, took in measure_all(engine, calls, rounds, combinations).items():
                rows.append(row(name, what, took))
                click.echo(f"{name}, {what} (ms; processor time here), the slowest:")
                for one in _slowest(took)[:SHOWN]:
                    click.echo(f"  {_told(one)}   {one.query}")
    table = ["| database | asked for | p50 | p95 | slowest query's p95 |", "| --- | --- | --- | --- | --- |", *rows]
    click.echo("\n".join(table))
    if out is not None:
        page = out.read_text("utf-8")
        before, after = page[: page.index(BEGIN)], page[page.index(END) :]
        out.write_text(
            "\n".join([f"{before}{BEGIN}", f"{about}. To reach: p95 {TARGET_MS} ms.", "", *table, after]), "utf-8"
        )


def _told(took: Took) -> str:
    half, most = np.percentile(took.ms, [50, 95])
    half_cpu, most_cpu = np.percentile(took.cpu_ms, [50, 95])
    return f"p50 {half:5.0f} ({half_cpu:4.0f})   p95 {most:5.0f} ({most_cpu:4.0f})"


if __name__ == "__main__":
    main()
