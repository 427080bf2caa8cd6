"""What a decision comes to for the caller, as plain values that any evaluator can be compared by. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voicebot.triage import decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage import Answer, RuleSet


class Outcome(NamedTuple):
    """How soon, where to, and whether a person must talk with the caller now."""

    urgency: int
    destinations: frozenset[str]
    live_person: bool
    urgency_if_no_person: int


def engine_outcome(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Outcome:
    """Return what the engine decides."""
    decision = decide(ruleset, answers)
    return Outcome(
        int(decision.urgency),
        frozenset(map(str, decision.destinations)),
        decision.live_person,
        int(decision.urgency_if_no_person),
    )
