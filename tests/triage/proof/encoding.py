"""A rule set as logic: one variable a question, one formula for every fact of the outcome, for z3 to reason about.

Written from what the rule set file says a rule means, not from the engine's code; test_encoding.py compares both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import z3

from tests.triage.proof.expected import RED_FLAG
from voicebot.triage import Answer, Destination

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.triage.proof.expected import ReferenceRules, Weight
    from voicebot.triage import Question, RuleSet
    from voicebot.triage.file_format import Outcome

LEVELS = range(1, 6)
COUNTS = (Answer.YES, Answer.UNKNOWN, Answer.DECLINED)
"""What an answer may be where a rule fires in doubt."""

_SORT, _VALUES = z3.EnumSort("Answer", [str(answer) for answer in Answer])
VALUE: Mapping[Answer, z3.ExprRef] = dict(zip(Answer, _VALUES, strict=True))


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
    may_stay_open = bool(question.asked_if) or question.asked_by == "nobody"
    return _is(answer, Answer.NO, Answer.NOT_ASKED) if may_stay_open else _is(answer, Answer.NO)


def encode(rules: RuleSet | ReferenceRules) -> Formulas:
    """Return the outcome of `rules` as formulas over the answers."""
    answers = variables(rules.questions)
    asking = [rule for rule in rules.rules if rule.all_of]
    certain = {rule.id: z3.And(*(_is(answers[name], Answer.YES) for name in rule.all_of)) for rule in asking}
    in_doubt = {
        rule.id: z3.And(z3.Not(certain[rule.id]), *(_is(answers[name], *COUNTS) for name in rule.all_of))
        for rule in asking
        if rule.if_unknown
    }
    fires = {rule.id: z3.Or(certain[rule.id], in_doubt.get(rule.id, z3.BoolVal(False))) for rule in asking}
    none_fires = z3.Not(z3.Or(*fires.values()))
    nothing = z3.And(*(denied(question, answers[name]) for name, question in rules.questions.items()))
    cases: list[tuple[z3.BoolRef, Outcome | Weight]] = [
        *((certain[rule.id], rule) for rule in asking),
        *((in_doubt[rule.id], rule.if_unknown) for rule in asking if rule.if_unknown),
        (z3.And(none_fires, nothing), rules.no_symptom),
        (z3.And(none_fires, z3.Not(nothing)), rules.base),
    ]
    flags = [(in_doubt[rule.id], rule.level) for rule in asking if rule.if_unknown and rule.level >= RED_FLAG]
    urgency = {level: z3.Or(*(case for case, outcome in cases if outcome.level >= level)) for level in LEVELS}
    stricter = {level: z3.Or(*(flag for flag, weight in flags if weight >= level)) for level in LEVELS}
    places = {
        str(place): z3.Or(*(case for case, outcome in cases if place in outcome.destinations)) for place in Destination
    }
    return Formulas(
        answers=answers,
        fires=fires,
        urgency=urgency,
        if_no_person={level: z3.Or(urgency[level], stricter[level]) for level in LEVELS},
        destinations=places | {"spine": z3.And(places["spine"], z3.Not(urgency[RED_FLAG]))},
        live_person=z3.Or(*(flag for flag, _ in flags)),
    )


def _is(answer: z3.ExprRef, *values: Answer) -> z3.BoolRef:
    return z3.Or(*(answer == VALUE[value] for value in values))
