"""What the line left for staff to ask, by the call's own rules. Knows no FHIR; the engine decides everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.answers import Answer
from voicebot.triage.engine import decide
from voicebot.triage.levels import RED_FLAG, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.exports.fhir.case import Case
    from voicebot.triage.file_format import Rule


def urgency_so_far(case: Case) -> Urgency:
    """Return how urgent the call is by its answers, decided or not, and by what the caller was told."""
    by_answers = decide(case.ruleset, case.answers).urgency if case.begun else Urgency.SELF_CARE
    return max(by_answers, case.urgency or Urgency.SELF_CARE)


def open_questions(case: Case) -> tuple[str, ...]:
    """Return the questions staff have to ask: not asked and able to change the outcome, or a red flag not cleared.

    None when the caller answered none at all: then staff begin at the beginning.
    """
    urgency = urgency_so_far(case)
    return tuple(name for name in case.asked if _is_open(case, name, urgency)) if case.begun else ()


def holds_red_flag(case: Case, questions: tuple[str, ...]) -> bool:
    """Whether a yes to one of these could still mean care the same day or sooner."""
    return any(rule.level >= RED_FLAG for question in questions for rule in _possible(case, question))


def _is_open(case: Case, question: str, urgency: Urgency) -> bool:
    answer = case.answers[question]
    if answer is Answer.NOT_ASKED:
        return any(rule.level > urgency or _leads_elsewhere(case, rule, urgency) for rule in _possible(case, question))
    return answer.uncleared and any(rule.level >= max(urgency, RED_FLAG) for rule in _possible(case, question))


def _leads_elsewhere(case: Case, rule: Rule, urgency: Urgency) -> bool:
    return urgency < RED_FLAG and not set(rule.destinations) <= set(case.destinations)


def _possible(case: Case, question: str) -> Iterator[Rule]:
    """Yield the rules with this question that no answer has ruled out."""
    for rule in case.ruleset.rules_with[question]:
        if all(case.answers[name] is not Answer.NO for name in rule.all_of):
            yield rule
