"""How long the console's list takes over many calls, through the whole WSGI application, for every filter.

    python benchmarks/console.py [--calls N] [--rounds N]

The calls are rows of the index, made up with a fixed seed; their records are left out, as the list never reads one.
"""

from __future__ import annotations

import platform
import random
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from flask import Flask
from sqlalchemy import insert

from voicebot import assets
from voicebot.calls.facts import FACTS_VERSION
from voicebot.calls.outcome import Outcome
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import load_settings
from voicebot.parts import Parts
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars
from voicebot.speech.voice import RenderedPrompts
from voicebot.staff.roles import Role
from voicebot.storage.engine import open_engine, transaction
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.tables import CALL_INDEX, CALL_MARKS, CALLS, RULESETS
from voicebot.triage.ruleset import parse_ruleset
from voicebot.web.console import add_console

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CALLS_A_COMMIT = 2000
COMMON_WORDS = ("yes", "no")
OTHER_WORDS = 300
URGENCY_SHARES = {0: 5, 1: 40, 2: 20, 3: 10, 4: 5, 5: 3, None: 17}
TARGET_MS = 200
QUERIES = {
    "all calls": "",
    "emergencies": "urgency=5&urgency=4",
    "not decided": "urgency=none",
    "one outcome": "outcome=nurse",
    "to be reviewed": "review=waiting&review=second_reader",
    "lowest confidence below 0.3": "confidence=0.3",
    "no such confidence": "confidence=0",
    "asked again 5 times": "reprompts=5",
    "any fault": "fault=any",
    "one fault": "fault=ears_failed",
    "live": "live=1",
    "one day, long ago": "from=2026-03-01&to=2026-03-01",
    "a rule": "rule=rule-3",
    "the commonest rule": "rule=base",
    "the commonest rule, hardly heard": "rule=base&confidence=0.2",
    "a common word": "q=yes",
    "a rare word": "q=word3",
    "a common and a rare word": "q=yes+no+word3",
    "a word nobody said": "q=yes+zebra",
    "last four digits": "q=0199",
    "how a call id begins": "q=abcdef",
    "put through": "transfer=answered",
    "long calls": "minutes=14",
    "rare together": "urgency=5&fault=any&confidence=0.5&review=waiting",
    "every column": "column=rules&column=version&column=answers&column=gap&column=transfer&column=number",
}


def fill(engine: Engine, calls: int, snapshot: RuleSetSnapshot) -> list[str]:
    """Make up so many calls, one every five minutes back from NOW; return their ids, the newest first."""
    chance, ids = random.Random(7), []
    with transaction(engine) as connection:
        connection.execute(
            insert(RULESETS).values(
                sha256=snapshot.sha256, id=snapshot.id, version=snapshot.version, text=snapshot.text
            )
        )
    for first in range(0, calls, CALLS_A_COMMIT):
        rows, facts, marks = [], [], []
        for number in range(first, min(calls, first + CALLS_A_COMMIT)):
            call_id = uuid.UUID(int=chance.getrandbits(128)).hex
            ids.append(call_id)
            place = {
                "call_id": call_id,
                "started_at": NOW - timedelta(minutes=5 * number, seconds=chance.random() * 60),
            }
            facts.append(place | _facts(chance, snapshot.sha256, over=number > 1))
            rows.append(place | _row(facts[-1]))
            marks += [place | mark for mark in _marks(chance, faults=facts[-1]["faults"])]
        with transaction(engine) as connection:
            for table, values in ((CALLS, rows), (CALL_INDEX, facts), (CALL_MARKS, marks)):
                connection.execute(insert(table), values)
    return ids


def _facts(chance: random.Random, sha256: str, *, over: bool) -> dict[str, Any]:
    lasted_ms = int(min(900_000, chance.lognormvariate(11.5, 0.6)))
    return {
        "facts_version": FACTS_VERSION,
        "channel": "stream",
        "over": over,
        "last_event_at": NOW,
        "duration_ms": lasted_ms,
        "outcome": chance.choice(list(Outcome)).value,
        "urgency": chance.choices(list(URGENCY_SHARES), list(URGENCY_SHARES.values()))[0],
        "answers": chance.randint(1, 30),
        "lowest_confidence": chance.random() ** 0.1,
        "reprompts": chance.choices([0, 1, 2, 5], [70, 20, 8, 0.2])[0],
        "longest_gap_ms": chance.randint(300, 1500),
        "transfer": chance.choice([None, "answered", "no_answer"]),
        "faults": int(chance.random() < 0.002),  # noqa: PLR2004 - two calls in a thousand
        "ruleset_sha256": sha256,
        "review_state": chance.choices(["not_needed", "waiting", "settled"], [80, 1, 19])[0],
    }


def _row(facts: dict[str, Any]) -> dict[str, Any]:
    ended_at = facts["last_event_at"] if facts["over"] else None
    return {name: facts[name] for name in ("channel", "last_event_at", "outcome", "urgency", "ruleset_sha256")} | {
        "stream_token": "x" * 22,
        "ended_at": ended_at,
        "length": 0,
    }


def _marks(chance: random.Random, *, faults: int) -> list[dict[str, str]]:
    words = {*COMMON_WORDS, *(f"word{chance.randrange(OTHER_WORDS)}" for _ in range(8))}
    rules = {"base", f"rule-{chance.randrange(60)}", f"rule-{chance.randrange(60)}"}
    found = [("word", word) for word in words] + [("rule", rule) for rule in rules]
    found += [("fault", "ears_failed")] * faults
    return [{"kind": kind, "value": value} for kind, value in sorted(found)]


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
    desk = app.extensions["voicebot_console"]
    desk.clock = lambda: NOW
    client = app.test_client()
    client.set_cookie("console", desk.staff.begin_session(desk.staff.add("lead", Role.LEAD, None, NOW), NOW))
    return client


def measure(client: FlaskClient, query: str, rounds: int) -> list[tuple[float, float]]:
    """Return how long (ms) each of `rounds` requests took, to the last byte of the answer, and its processor time."""
    taken = []
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        response = client.get(f"/console/calls?{query}", buffered=True)
        taken.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
        assert response.status_code == 200, response.status  # noqa: PLR2004
    return taken


@click.command()
@click.option("--calls", default=100_000, show_default=True)
@click.option("--rounds", default=20, show_default=True, help="Requests of each query.")
def main(calls: int, rounds: int) -> None:
    """Fill a database, ask for every view, print how long each took."""
    text = assets.RULESET.read_text(encoding="utf-8")
    ruleset = parse_ruleset(text, assets.RULESET.name)
    snapshot = RuleSetSnapshot(ruleset.sha256, ruleset.id, ruleset.version, text)
    with TemporaryDirectory(prefix="voicebot-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'voicebot.db'}")
        upgrade(engine)
        with closing(SqlStore(engine)):
            ids = fill(engine, calls, snapshot)
            client = console(Path(folder), engine, snapshot)
            pages = {"deep in the list": f"before={ids[calls // 2]}", "back": f"after={ids[calls // 2]}"}
            every = []
            click.echo(f"{calls} calls, SQLite, {platform.machine()}, {rounds} requests each (ms; processor time):")
            for name, query in (QUERIES | pages).items():
                taken = measure(client, query, rounds)
                every += taken
                click.echo(f"  {name:34} {_told(taken)}")
    click.echo(f"all together: {_told(every)} (target: p95 {TARGET_MS} ms)")


def _told(taken: list[tuple[float, float]]) -> str:
    half, most = np.percentile(taken, [50, 95], axis=0)
    return f"p50 {half[0]:5.0f} ({half[1]:4.0f})   p95 {most[0]:5.0f} ({most[1]:4.0f})"


if __name__ == "__main__":
    main()
