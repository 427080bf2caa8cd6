"""What the clinical reference asks of a rule set, row by row. Each property yields a sentence a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.triage.caller_answers import NO, UNKNOWN, YES, otherwise_no
from tests.triage.proof.outcome import engine_outcome
from voicebot.triage import decide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.triage.proof.expected import Expected
    from tests.triage.proof.states import State
    from voicebot.triage import RuleSet


def floor(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Signs weigh no less than the reference gives them."""
    for row in expected.rows:
        urgency = decide(ruleset, _yes(ruleset, row.all_of)).urgency
        if urgency < row.level:
            yield f"{row.id} comes to {urgency}, its floor is {row.level}"


def ceiling(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Signs weigh no more than the reference gives them, or half of all callers would go to the emergency room."""
    for row in expected.rows:
        urgency = decide(ruleset, _yes(ruleset, row.all_of)).urgency
        if urgency > row.level:
            yield f"{row.id} comes to {urgency}, its ceiling is {row.level}"


def places(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Signs lead where the reference sends them."""
    for row in expected.rows:
        reached = engine_outcome(ruleset, _yes(ruleset, row.all_of)).destinations
        if reached != expected.together(row.all_of).destinations:
            yield f"{row.id} leads to {', '.join(sorted(reached))}"


def unknown_weight(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """A red flag that could not be cleared keeps its weight, and what is none gains nothing."""
    for row in expected.rows:
        for doubted in row.all_of:
            outcome = engine_outcome(ruleset, _yes(ruleset, row.all_of) | {doubted: UNKNOWN})
            rest = expected.together([sign for sign in row.all_of if sign != doubted])
            weight = row.if_unknown.level if row.if_unknown else 0
            if outcome.urgency < max(rest.level, weight):
                yield f"{row.id} comes to {outcome.urgency} while {doubted} is unknown"
            if row.if_unknown and not (outcome.live_person and outcome.urgency_if_no_person >= row.level):
                yield f"{row.id} brings no person, or no stricter level, while {doubted} is unknown"
            if len(row.all_of) == 1 and outcome.urgency > max(expected.base.level, weight):
                yield f"{row.id} comes to {outcome.urgency} while it is unknown"
        every = engine_outcome(ruleset, otherwise_no(ruleset, dict.fromkeys(row.all_of, UNKNOWN)))
        if row.if_unknown and not row.if_unknown.destinations <= every.destinations:
            yield f"{row.id} leads to {', '.join(sorted(every.destinations))} while all of it is unknown"


def former_ids(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """A question that was split is still accepted, and weighs what it weighed."""
    for name, level in expected.former.items():
        urgency = decide(ruleset, {name: YES}).urgency if name in ruleset.former else 0
        if urgency < level:
            yield f"{name} comes to {urgency}, its floor was {level}"


def every_sign(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Reference and rule set know the same signs."""
    known = {sign for row in expected.every_row for sign in row.all_of}
    for name in known ^ ruleset.questions.keys():
        yield f"{name} is only in the {'reference' if name in known else 'rule set'}"


def reason(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """The caller is told what led to the outcome."""
    for row in expected.rows:
        told = " ".join(fired.rule.spoken.lower() for fired in decide(ruleset, _yes(ruleset, row.all_of)).rules)
        if row.says not in told:
            yield f"{row.id} is not told: no reason speaks of {row.says!r}"


def cause(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Every cause and symptom of the clinic's own page is reached by its signs."""
    for name, signs in expected.causes.items():
        answers = _yes(ruleset, signs) if signs else {}
        if name not in {fired.rule.seed_cause for fired in decide(ruleset, answers).rules}:
            yield f"{name} is not reached by {' and '.join(signs) or 'a caller of whom nothing is known'}"


def no_sign(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Self-care takes a no to everything; a caller of whom nothing is known has a numb leg."""
    for answers, weight in ((dict.fromkeys(ruleset.questions, NO), expected.no_symptom), ({}, expected.base)):
        outcome = engine_outcome(ruleset, answers)
        if (outcome.urgency, outcome.destinations) != (weight.level, weight.destinations):
            yield f"no sign at all comes to {outcome.urgency}, not to {weight.level}"


def _yes(ruleset: RuleSet, signs: Iterable[str]) -> State:
    return otherwise_no(ruleset, dict.fromkeys(signs, YES))
