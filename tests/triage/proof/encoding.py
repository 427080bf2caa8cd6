"""A rule set as logic: one variable a question, one formula for every fact of the outcome, for z3 to reason about.

Written from what the rule set file says a rule means, not from the engine's code; test_encoding.py compares both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import z3

from voicebot.triage import Answer, Destination

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RED_FLAG = 3
LEVELS = range(1, 6)

_SORT, _VALUES = z3.EnumSort("Answer", [str(answer) for answer in Answer])
VALUE: Mapping[Answer, z3.ExprRef] = dict(zip(Answer, _VALUES, strict=True))


class Weight(Protocol):
    """An urgency and where to."""

    level: int
    destinations: Sequence[str]


class Rule(Weight, Protocol):
    """What the logic needs to know of a rule."""

    id: str
    all_of: Sequence[str]
    if_unknown: Weight | None


class Rules(Protocol):
    """What the logic needs to know of a rule set."""

    questions: Mapping[str, Question]
    rules: Sequence[Rule]
    base: Weight
    no_symptom: Weight


class Question(Protocol):
    """What the logic needs to know of a question."""

    asked_if: Sequence[str]
    asked_by: str


@dataclass(frozen=True)
class Formulas:
    """The outcome of every caller at once: each fact holds in the states that satisfy its formula."""

    answers: Mapping[str, z3.ExprRef]
    fires: Mapping[str, z3.BoolRef]
    """Rule id -> it fires, with its own level or with what unknown gives."""
    urgency: Mapping[int, z3.BoolRef]
    """Level -> the urgency is at least this."""
    if_no_person: Mapping[int, z3.BoolRef]
    destinations: Mapping[str, z3.BoolRef]
    live_person: z3.BoolRef

    def facts(self) -> dict[str, z3.BoolRef]:
        """Return the whole outcome, each fact by its name."""
        return {
            **{f"urgency {level}": fact for level, fact in self.urgency.items()},
            **{f"urgency {level} if no person": fact for level, fact in self.if_no_person.items()},
            **{f"to {destination}": fact for destination, fact in self.destinations.items()},
            "live person": self.live_person,
        }


def variables(questions: Iterable[str]) -> dict[str, z3.ExprRef]:
    """Return one variable a question; equal names are the same variable in every encoding."""
    return {name: z3.Const(name, _SORT) for name in questions}


def denied(question: Question, answer: z3.ExprRef) -> z3.BoolRef:
    """Return what holds where the sign was denied, or nobody had a reason to ask for it."""
    no, not_asked = answer == VALUE[Answer.NO], answer == VALUE[Answer.NOT_ASKED]
    return z3.Or(no, not_asked) if question.asked_if or question.asked_by == "nobody" else no


def encode(rules: Rules) -> Formulas:
    """Return the outcome of `rules` as formulas over the answers."""
    answers = variables(rules.questions)
    yes = {name: answer == VALUE[Answer.YES] for name, answer in answers.items()}
    uncleared = {
        name: z3.Or(answer == VALUE[Answer.UNKNOWN], answer == VALUE[Answer.DECLINED])
        for name, answer in answers.items()
    }
    asking = [rule for rule in rules.rules if rule.all_of]
    certain = {rule.id: z3.And(*(yes[name] for name in rule.all_of)) for rule in asking}
    in_doubt = {
        rule.id: z3.And(z3.Not(certain[rule.id]), *(z3.Or(yes[name], uncleared[name]) for name in rule.all_of))
        for rule in asking
        if rule.if_unknown
    }
    fires = {rule.id: z3.Or(certain[rule.id], in_doubt.get(rule.id, z3.BoolVal(False))) for rule in asking}
    nothing = z3.And(*(denied(question, answers[name]) for name, question in rules.questions.items()))
    none_fires = z3.Not(z3.Or(*fires.values()))
    cases: list[tuple[z3.BoolRef, Weight]] = [
        *((certain[rule.id], rule) for rule in asking),
        *((in_doubt[rule.id], rule.if_unknown) for rule in asking if rule.if_unknown),
        (z3.And(none_fires, nothing), rules.no_symptom),
        (z3.And(none_fires, z3.Not(nothing)), rules.base),
    ]
    urgency = {level: z3.Or(*(case for case, outcome in cases if outcome.level >= level)) for level in LEVELS}
    red_doubt = [(in_doubt[rule.id], rule) for rule in asking if rule.if_unknown and rule.level >= RED_FLAG]
    reached = {
        str(destination): z3.Or(*(case for case, outcome in cases if destination in outcome.destinations))
        for destination in Destination
    }
    return Formulas(
        answers=answers,
        fires=fires,
        urgency=urgency,
        if_no_person={
            level: z3.Or(urgency[level], *(case for case, rule in red_doubt if rule.level >= level)) for level in LEVELS
        },
        destinations=reached | {"spine": z3.And(reached["spine"], z3.Not(urgency[RED_FLAG]))},
        live_person=z3.Or(*(case for case, _ in red_doubt)),
    )
