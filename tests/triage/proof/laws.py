"""What must hold for any rule set in every state there is, proven by z3. Each law yields a caller for whom it fails."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import z3

from tests.triage.proof.encoding import denied, encode
from tests.triage.proof.expected import RED_FLAG
from tests.triage.proof.solving import answered, difference, state_where
from tests.triage.proof.states import signs_of
from voicebot.triage import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.triage.proof.encoding import Formulas
    from tests.triage.proof.expected import Expected
    from voicebot.triage import RuleSet

RISING = (Answer.NO, Answer.NOT_ASKED, Answer.UNKNOWN, Answer.YES)
"""From what weighs least to what weighs most."""


def same_as_the_reference(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Rule set and reference come to the same outcome for everyone."""
    ours, theirs = encode(ruleset), encode(expected.as_rules(ruleset.questions))
    yield from _told("the reference decides otherwise", difference(ours.facts(), theirs.facts()), ours)


def monotone(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """For each question no weighs at most not asked, that at most unknown, and that at most yes."""
    formulas = encode(ruleset)
    for question in ruleset.questions:
        weights = [_weighing(formulas, question, answer) for answer in RISING]
        falls = [
            z3.And(less, z3.Not(more))
            for lower, higher in pairwise(weights)
            for less, more in zip(lower, higher, strict=True)
        ]
        yield from _told(f"a stronger answer to {question} lowers the urgency", z3.Or(*falls), formulas)


def declined_is_unknown(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """For each question declining comes to the same as not knowing."""
    formulas = encode(ruleset)
    for question in ruleset.questions:
        differs = [
            answered(fact, {question: Answer.DECLINED}, formulas.answers)
            != answered(fact, {question: Answer.UNKNOWN}, formulas.answers)
            for fact in formulas.facts().values()
        ]
        yield from _told(f"declining {question} is not like not knowing", z3.Or(*differs), formulas)


def red_flag_never_to_spine(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """From the same day on nobody is sent to spine scheduling."""
    formulas = encode(ruleset)
    routed = z3.And(formulas.urgency[RED_FLAG], formulas.destinations["spine"])
    yield from _told("a red flag is sent to spine scheduling", routed, formulas)


def level_and_destination(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Everyone has one level and somewhere to go; 911 means an ambulance; no person only raises the level."""
    formulas = encode(ruleset)
    nowhere = z3.Not(z3.Or(*formulas.destinations.values()))
    yield from _told("a caller has nowhere to go", nowhere, formulas)
    yield from _told(
        "911 without an ambulance", z3.And(formulas.urgency[5], z3.Not(formulas.destinations["ems"])), formulas
    )
    gaps = [z3.And(formulas.urgency[level], z3.Not(formulas.urgency[level - 1])) for level in range(2, 6)]
    yield from _told("a caller has two levels", z3.Or(*gaps), formulas)
    lower = [z3.And(fact, z3.Not(formulas.if_no_person[level])) for level, fact in formulas.urgency.items()]
    yield from _told("no person there lowers the level", z3.Or(*lower), formulas)


def self_care_takes_a_no_to_everything(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Level 0 only if no rule fired and every question was answered no, or was not to be asked."""
    formulas = encode(ruleset)
    cleared = [denied(question, formulas.answers[name]) for name, question in ruleset.questions.items()]
    careless = z3.And(z3.Not(formulas.urgency[1]), z3.Or(z3.Or(*formulas.fires.values()), z3.Not(z3.And(*cleared))))
    yield from _told("self-care with a question open", careless, formulas)


def _weighing(formulas: Formulas, question: str, answer: Answer) -> list[z3.BoolRef]:
    steps = [*formulas.urgency.values(), *formulas.if_no_person.values()]
    return [answered(step, {question: answer}, formulas.answers) for step in steps]


def _told(fault: str, formula: z3.BoolRef, formulas: Formulas) -> Iterator[str]:
    state = state_where(formula, formulas.answers)
    if state is not None:
        yield f"{fault}: {signs_of(state)}"
