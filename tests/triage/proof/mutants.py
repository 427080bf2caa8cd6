"""Slips of the pen: a rule set with one thing changed, each with its name. Judges none of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, TypeVar

from voicebot.triage import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.triage import Rule, RuleSet
    from voicebot.triage.file_format import Outcome

_Entry = TypeVar("_Entry", bound="Outcome")


@dataclass(frozen=True)
class Mutant:
    """A rule set with one slip in it."""

    kind: str
    name: str
    ruleset: RuleSet
    touched: frozenset[str]
    """The questions the slip is about."""
    rule: Rule | None = None
    """The one rule it changes, as it was."""


def mutants(ruleset: RuleSet) -> Iterator[Mutant]:
    """Yield every mutant of every kind."""
    for rule in _written(ruleset):
        yield from _weaker(ruleset, rule)
    base = _changed(ruleset.base, level=Urgency(ruleset.base.level - 1))
    yield Mutant("level -1", base.id, replace(ruleset, base=base), frozenset())
    yield from _swapped_ids(ruleset)
    yield from _reordered_rules(ruleset)
    yield from _reordered_screens(ruleset)


def _written(ruleset: RuleSet) -> list[Rule]:
    return [rule for rule in ruleset.rules if rule.all_of]


def _weaker(ruleset: RuleSet, rule: Rule) -> Iterator[Mutant]:
    def mutant(kind: str, *instead: Rule, about: str = "") -> Mutant:
        return Mutant(kind, f"{rule.id}{about}", _instead(ruleset, {rule.id: instead}), frozenset(rule.all_of), rule)

    yield mutant("drop a row")
    yield mutant("level -1", _changed(rule, level=Urgency(rule.level - 1)))
    if rule.if_unknown:
        weight = rule.if_unknown
        yield mutant("unknown -> no", _changed(rule, if_unknown=None))
        yield mutant("unknown -1", _changed(rule, if_unknown=_changed(weight, level=Urgency(weight.level - 1))))
    for question in rule.all_of if len(rule.all_of) > 1 else ():
        rest = tuple(name for name in rule.all_of if name != question)
        yield mutant("drop a condition", _changed(rule, all_of=rest), about=f" without {question}")
    for destination in rule.destinations if len(rule.destinations) > 1 else ():
        rest = tuple(name for name in rule.destinations if name != destination)
        yield mutant("drop a destination", _changed(rule, destinations=rest), about=f" without {destination}")


def _swapped_ids(ruleset: RuleSet) -> Iterator[Mutant]:
    for one, other in combinations(ruleset.questions, 2):
        swap = {one: other, other: one}
        changed = {
            rule.id: (_changed(rule, all_of=tuple(swap.get(name, name) for name in rule.all_of)),)
            for rule in _written(ruleset)
            if swap.keys() & set(rule.all_of)
        }
        yield Mutant("swap two ids", f"{one} and {other}", _instead(ruleset, changed), frozenset(swap))


def _reordered_rules(ruleset: RuleSet) -> Iterator[Mutant]:
    for first, second in pairwise(_written(ruleset)):
        changed = {first.id: (second,), second.id: (first,)}
        touched = frozenset((*first.all_of, *second.all_of))
        yield Mutant("reorder rules", f"{second.id} before {first.id}", _instead(ruleset, changed), touched)


def _reordered_screens(ruleset: RuleSet) -> Iterator[Mutant]:
    order = list(ruleset.screens)
    for place, (first, second) in enumerate(pairwise(order)):
        swapped = [*order[:place], second, first, *order[place + 2 :]]
        changed = replace(ruleset, screens={name: ruleset.screens[name] for name in swapped})
        touched = frozenset(ruleset.screens[first].questions + ruleset.screens[second].questions)
        yield Mutant("reorder screens", f"{second} before {first}", changed, touched)


def _instead(ruleset: RuleSet, changed: Mapping[str, Sequence[Rule]]) -> RuleSet:
    return replace(ruleset, rules=tuple(new for rule in ruleset.rules for new in changed.get(rule.id, (rule,))))


def _changed(entry: _Entry, **fields: object) -> _Entry:
    return entry.model_copy(update=fields)
