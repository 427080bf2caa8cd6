"""Which property sees which slip. A slip that none sees must leave every caller's outcome as it was, proven by z3.

python -m tests.triage.proof.mutation        prints how many each property killed, and every one that none did
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import click

from tests.triage.proof.encoding import Formulas, encode
from tests.triage.proof.expected import Expected, read_expected
from tests.triage.proof.mutants import Mutant, mutants
from tests.triage.proof.properties import PROPERTIES
from tests.triage.proof.solving import difference, state_where
from tests.triage.proof.states import signs_of
from voicebot import assets
from voicebot.triage import parse_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.triage import Rule, RuleSet


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: killed by a property, equivalent for a reason, or else survived."""

    mutant: Mutant
    killed_by: str = ""
    equivalent: str = ""
    survived: str = ""
    """A caller who is decided otherwise, though no property sees it."""


def judge(mutant: Mutant, ruleset: RuleSet, formulas: Formulas, expected: Expected) -> Verdict:
    """Return what becomes of one mutant of `ruleset`, whose logic `formulas` is."""
    near = expected.about(mutant.touched)
    for law in (law for law in PROPERTIES if law.__module__ != "tests.triage.proof.laws"):
        if next(law(mutant.ruleset, near), None):
            return Verdict(mutant, killed_by=law.__name__)
    caller = state_where(difference(formulas.facts(), encode(mutant.ruleset).facts()), formulas.answers)
    if caller is None:
        return Verdict(mutant, equivalent=_why_equivalent(mutant, ruleset))
    for law in PROPERTIES:
        if next(law(mutant.ruleset, expected), None):
            return Verdict(mutant, killed_by=law.__name__)
    return Verdict(mutant, survived=signs_of(caller))


def _why_equivalent(mutant: Mutant, ruleset: RuleSet) -> str:
    """Return why nobody is decided otherwise, or nothing when no reason is known."""
    match mutant.kind:
        case "reorder rules":
            return "urgency is a maximum and destinations are a set; only another reason is told first"
        case "reorder screens":
            return "both may come first; any order of asking comes to the same outcome"
        case _:
            covering = [rule.id for rule in ruleset.rules if _covers(rule, mutant.rule)] if mutant.rule else []
            return f"covered by {' and '.join(covering)}" if covering else ""


def _covers(broader: Rule, rule: Rule) -> bool:
    """Whether `broader` fires wherever `rule` does, and weighs as much while `rule` is in doubt."""
    weight, doubt = broader.if_unknown or broader, rule.if_unknown or rule
    return set(broader.all_of) < set(rule.all_of) != set() and broader.all_of != () and weight.level >= doubt.level


def judge_all(ruleset: RuleSet) -> Iterator[Verdict]:
    """Yield what becomes of every mutant."""
    formulas, expected = encode(ruleset), read_expected()
    for mutant in mutants(ruleset):
        yield judge(mutant, ruleset, formulas, expected)


def report(verdicts: list[Verdict]) -> str:
    """Return how many mutants of a kind each property killed, the equivalent ones by reason, and the survivors."""
    killed = Counter((verdict.mutant.kind, verdict.killed_by) for verdict in verdicts if verdict.killed_by)
    lines = [f"{len(verdicts)} mutants, {killed.total()} killed"]
    lines += [f"  {count:5} {kind} killed by {name}" for (kind, name), count in sorted(killed.items())]
    same = [verdict for verdict in verdicts if verdict.equivalent]
    lines += [f"{len(same)} equivalent"]
    for (kind, why), group in groupby(same, key=lambda verdict: (verdict.mutant.kind, verdict.equivalent)):
        lines += [f"  {kind}, {why}:", *(f"    {verdict.mutant.name}" for verdict in group)]
    rest = [verdict for verdict in verdicts if not verdict.killed_by and not verdict.equivalent]
    lines += [f"{len(rest)} survived or unexplained"]
    lines += [f"  {verdict.mutant.kind}: {verdict.mutant.name}: {verdict.survived or 'why?'}" for verdict in rest]
    return "\n".join(lines)


if __name__ == "__main__":
    click.echo(report(list(judge_all(parse_ruleset(assets.RULESET.read_text(encoding="utf-8"), assets.RULESET.name)))))
