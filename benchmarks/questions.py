"""How many questions callers are asked: the real dialog in words, with many callers drawn at random from a seed.

    python benchmarks/questions.py [--callers N] [--seed K] [--rules PATH]

Every caller has one everyday complaint; each other sign is there, or left unsure, with a small chance. That is no
sample of real callers: it says how the order of asking behaves, not how long the clinic's calls will be. A group counts
as one question, and so does each of its questions that is then asked by itself. Gate (what the call is about, for whom,
of age, consent, a good number) and read-backs are counted apart. All call for themselves, and show their number.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING

import click

from voicebot import assets
from voicebot.cli.rules import read_ruleset
from voicebot.dialog.effects import Decided, Listen
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard
from voicebot.dialog.machine import step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.simulate.caller import SimulatedCaller
from voicebot.simulate.scenario import Scenario
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from voicebot.simulate.scenario import Fact
    from voicebot.triage.ruleset import RuleSet

YES_CHANCE = 0.02
UNSURE_CHANCE = 0.01
COMPLAINTS = ("sit", "stand", "shoot", "cough", "leg_numb", "leg_tingle", "weak")


@dataclass
class Asked:
    """What one caller was asked, by name."""

    questions: set[str] = field(default_factory=set)
    gate: int = 0
    read_backs: int = 0
    level: str = ""


def draw(ruleset: RuleSet, chance: random.Random) -> dict[str, Fact]:
    """Return the truth about one caller."""
    truth: dict[str, Fact] = {}
    for name in ruleset.questions:
        fall = chance.random()
        if fall < YES_CHANCE + UNSURE_CHANCE:
            truth[name] = "yes" if fall < YES_CHANCE else "unsure"
    return truth | {chance.choice([name for name in COMPLAINTS if name in ruleset.questions]): "yes"}


def call(ruleset: RuleSet, truth: dict[str, Fact]) -> Asked:
    """Hold one call to its decision."""
    caller = SimulatedCaller(Scenario(name="drawn", about="drawn", answers=truth), ruleset)
    asked, state = Asked(), State()
    rules = ruleset.id, ruleset.version, ruleset.sha256
    started = CallStarted(0, "2026-01-01T00:00:00+00:00", *rules, number_shown=True)
    state, _ = step(ruleset, state, started)
    state, effects = step(ruleset, state, Connected(0, Channel.TEXT))
    while not any(isinstance(effect, Decided) for effect in effects):
        listen = next(effect for effect in effects if isinstance(effect, Listen))
        match state.step:
            case Step.SCREEN:
                asked.questions.add(listen.asking)
            case Step.READ_BACK:
                asked.read_backs += 1
            case _:
                asked.gate += 1
        act = caller.hears((listen.asking,))
        meaning = {"yes": Meaning.YES, "no": Meaning.NO}.get(act.say if act and act.say else "", Meaning.UNSURE)
        state, effects = step(ruleset, state, Heard(0, meaning, 1.0))
    asked.level = next(effect.decision["level"] for effect in effects if isinstance(effect, Decided))
    return asked


@click.command(help=__doc__)
@click.option("--callers", default=5000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--rules", "path", type=click.Path(path_type=Path), default=assets.RULESET, show_default="the bundled one"
)
def main(callers: int, seed: int, path: Path) -> None:
    """Print one line for each outcome, most urgent first."""
    ruleset, chance = read_ruleset(path), random.Random(seed)
    by_level: dict[str, list[Asked]] = defaultdict(list)
    for _ in range(callers):
        asked = call(ruleset, draw(ruleset, chance))
        by_level[asked.level].append(asked)
    click.echo(
        "| outcome | callers | questions: median | mean | 90th percentile | most | gate, mean | read-backs, mean |"
    )
    click.echo("| --- | --- | --- | --- | --- | --- | --- | --- |")
    every = [asked for group in by_level.values() for asked in group]
    for name, group in [*((level.label, by_level[level.label]) for level in reversed(Urgency)), ("all", every)]:
        if len(group) > 1:
            click.echo(f"| {name.replace('_', ' ')} | {len(group)} | {_line(group)} |")


def _line(group: list[Asked]) -> str:
    counts = [len(asked.questions) for asked in group]
    figures = (median(counts), mean(counts), quantiles(counts, n=10)[-1], max(counts))
    apart = (mean(asked.gate for asked in group), mean(asked.read_backs for asked in group))
    return " | ".join(f"{figure:g}" if float(figure).is_integer() else f"{figure:.1f}" for figure in (*figures, *apart))


if __name__ == "__main__":
    main()
