"""Does the second evaluator agree with the engine on states drawn by chance? Prints how many, and those that differ.

python -m tests.triage.proof.second_evaluator [--states 100000] [--processes 2] [--seed 0]
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING

import click

from tests.triage.proof.outcome import engine_outcome
from tests.triage.proof.states import random_states, signs_of
from tests.triage.proof.zen_tables import ZenEvaluator
from voicebot import assets
from voicebot.triage import parse_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.triage.proof.states import State
    from voicebot.triage import RuleSet

BATCH = 1000


def disagreements(ruleset: RuleSet, second: ZenEvaluator, states: Iterable[State]) -> list[str]:
    """Return a line for every state that the two decide differently."""
    drawn = list(states)
    return [
        f"{signs_of(state)}: engine {ours}, second {theirs}"
        for state, theirs in zip(drawn, second.decide(drawn), strict=True)
        if (ours := engine_outcome(ruleset, state)) != theirs
    ]


@cache
def _evaluators() -> tuple[RuleSet, ZenEvaluator]:
    text = assets.RULESET.read_text(encoding="utf-8")
    return parse_ruleset(text, assets.RULESET.name), ZenEvaluator(text)


def _batch(seed: int, count: int) -> list[str]:
    ruleset, second = _evaluators()
    return disagreements(ruleset, second, random_states(list(ruleset.questions), count, seed))


@click.command()
@click.option("--states", default=100_000, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(states: int, processes: int, seed: int) -> None:
    """Compare both evaluators; exit 1 if they ever differ."""
    batches = -(-states // BATCH)
    with ProcessPoolExecutor(processes) as pool:
        found = list(pool.map(_batch, range(seed * batches, (seed + 1) * batches), repeat(BATCH)))
    differing = [line for lines in found for line in lines]
    click.echo(f"{batches * BATCH} states, {len(differing)} decided differently")
    for line in differing[:10]:
        click.echo(line)
    raise SystemExit(bool(differing))


if __name__ == "__main__":
    main()
