"""Asks z3 for a caller: either one is found, or it is proven that there is none. Knows nothing of triage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import z3

from tests.triage.proof.encoding import VALUE
from voicebot.triage import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.triage.proof.states import State


def state_where(formula: z3.BoolRef, answers: Mapping[str, z3.ExprRef]) -> State | None:
    """Return a state in which `formula` holds, or None when there is none; a question that does not matter is no."""
    solver = z3.Solver()
    solver.add(formula)
    verdict = solver.check()
    if verdict == z3.unsat:
        return None
    assert verdict == z3.sat, f"z3 gave up: {solver.reason_unknown()}"
    model = solver.model()
    answer_of = {str(value): answer for answer, value in VALUE.items()}
    return {name: answer_of.get(str(model[variable]), Answer.NO) for name, variable in answers.items()}


def answered(fact: z3.BoolRef, given: Mapping[str, Answer], answers: Mapping[str, z3.ExprRef]) -> z3.BoolRef:
    """Return `fact` for the callers who gave these answers."""
    return z3.substitute(fact, *((answers[name], VALUE[answer]) for name, answer in given.items()))


def difference(one: Mapping[str, z3.BoolRef], other: Mapping[str, z3.BoolRef]) -> z3.BoolRef:
    """Return what holds for the callers for whom any of the facts differs."""
    return z3.Or(*(fact != other[name] for name, fact in one.items() if not fact.eq(other[name])))
