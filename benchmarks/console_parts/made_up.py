"""Calls made up with a fixed seed, as rows of the index: what a list of calls reads. Makes no record of any."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from voicebot.calls.facts import FACTS_VERSION
from voicebot.calls.outcome import Outcome
from voicebot.storage.engine import transaction
from voicebot.storage.tables import CALL_INDEX, CALL_MARKS, CALLS, RULESETS

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from voicebot.calls.snapshot import RuleSetSnapshot

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CALLS_A_COMMIT = 2000
COMMON_WORDS = ("yes", "no")
OTHER_WORDS = 300
URGENCY_SHARES = {0: 5, 1: 40, 2: 20, 3: 10, 4: 5, 5: 3, None: 17}


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
