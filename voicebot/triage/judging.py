"""One rule against the answers: does it fire, and could it still? Sums nothing up; engine.py does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.answers import Answer
from voicebot.triage.levels import RED_FLAG, AskedBy, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.file_format import Outcome, Rule
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True)
class Fired:
    """A rule that holds, and the answers that made it hold."""

    rule: Rule
    outcome: Outcome
    """What it gives: its own level, or what it gives while unknown."""
    because: Mapping[str, Answer]
    uncleared: bool
    """It holds only because an answer is unknown or declined."""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def urgency(self) -> Urgency:
        """The urgency it gives."""
        return self.outcome.level

    def to_json(self) -> dict[str, Any]:
        """Return `{"id", "level", "because"}`."""
        return {"id": self.id, "level": int(self.urgency), "because": {k: str(v) for k, v in self.because.items()}}


def judge(rule: Rule, answers: Mapping[str, Answer]) -> Fired | None:
    """Return how the rule fires on these answers, or None.

    Every question yes: the rule's level. The rest unknown or declined: its `if_unknown`, when it has one.
    """
    because = {question: answers[question] for question in rule.all_of}
    if not because:
        return None
    if all(answer is Answer.YES for answer in because.values()):
        return Fired(rule, rule, because, uncleared=False)
    if rule.if_unknown and all(answer is Answer.YES or answer.uncleared for answer in because.values()):
        return Fired(rule, rule.if_unknown, because, uncleared=True)
    return None


def judge_all(ruleset: RuleSet, answers: Mapping[str, Answer]) -> tuple[Fired, ...]:
    """Return every rule that fires, in the order of the rule set."""
    judged = (judge(rule, answers) for rule in ruleset.rules)
    return tuple(fired for fired in judged if fired)


def is_open(ruleset: RuleSet, rule: Rule, answers: Mapping[str, Answer]) -> bool:
    """Whether answers still to come could make the rule fire; none comes to a question that nobody asks."""
    if any(answers[question] is Answer.NO for question in rule.all_of):
        return False
    to_come = [ruleset.questions[question] for question in rule.all_of if answers[question] is Answer.NOT_ASKED]
    return bool(to_come) and all(question.asked_by is not AskedBy.NOBODY for question in to_come)


def can_still_rise(ruleset: RuleSet, answers: Mapping[str, Answer], urgency: Urgency) -> bool:
    """Whether an open rule could raise `urgency` to a red flag's level or beyond."""
    return any(
        rule.level >= RED_FLAG and rule.level > urgency and is_open(ruleset, rule, answers) for rule in ruleset.rules
    )
