"""From answers to a decision: every rule is judged, the most urgent one sets the urgency, destinations are a set.

Monotone by construction: a rule looks for yes and for unknown, never for no, and urgency is a maximum. What to ask next
lives in asking.py, why a rule held in trace.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.asking import answer_screen, left_for_staff, next_question, next_screen
from voicebot.triage.judging import Fired, can_still_rise, judge_all
from voicebot.triage.levels import LEVEL_NAMES, RED_FLAG, AskedBy, Destination, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.ruleset import RuleSet

__all__ = ["Decision", "answer_screen", "decide", "next_question", "next_screen"]


@dataclass(frozen=True)
class Decision:
    """How soon and where to, and the rules that say so."""

    urgency: Urgency
    destinations: tuple[Destination, ...]
    live_person: bool
    """A red flag could not be cleared: a person must talk with the caller now."""
    urgency_if_no_person: Urgency
    """The urgency that holds when no person answers: the red flags that could not be cleared count as yes."""
    complete: bool
    """No question left open could still raise the urgency to a red flag's."""
    rules: tuple[Fired, ...]
    next_question: str | None
    left_for_staff: tuple[str, ...]
    """Open questions for staff to ask: they could change the outcome, though never to a red flag."""
    ruleset: RuleSet

    @property
    def level(self) -> str:
        """The name of the urgency, such as `call_911`."""
        return self.urgency.label

    @staticmethod
    def level_of(urgency: int) -> str:
        """Return the name of any urgency."""
        return LEVEL_NAMES[urgency]

    def to_json(self) -> dict[str, Any]:
        """Return what `voicebot triage --json` prints; equal decisions give equal bytes."""
        return {
            "urgency": int(self.urgency),
            "level": self.level,
            "destinations": [str(destination) for destination in self.destinations],
            "live_person": self.live_person,
            "urgency_if_no_person": int(self.urgency_if_no_person),
            "complete": self.complete,
            "rules": [fired.to_json() for fired in self.rules],
            "ruleset": {"id": self.ruleset.id, "version": self.ruleset.version, "sha256": self.ruleset.sha256},
            "next_question": self.next_question,
            "left_for_staff": list(self.left_for_staff),
        }


def decide(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Decision:
    """Return the decision for these answers; a question left out is not_asked.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    full = parse_answers(answers, ruleset)
    fired = judge_all(ruleset, full) or (_fallback(ruleset, full),)
    urgency = max(rule.urgency for rule in fired)
    uncleared = [rule for rule in fired if rule.uncleared and rule.rule.level >= RED_FLAG]
    return Decision(
        urgency=urgency,
        destinations=_destinations(fired, urgency),
        live_person=bool(uncleared),
        urgency_if_no_person=max(urgency, *(rule.rule.level for rule in uncleared), urgency),
        complete=not can_still_rise(ruleset, full, urgency),
        rules=fired,
        next_question=next_question(ruleset, full),
        left_for_staff=left_for_staff(ruleset, full),
        ruleset=ruleset,
    )


def _fallback(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Fired:
    """Return the base rule, or self-care once every question was answered no.

    A follow-up may be left unasked, as may what nobody asks.
    """
    nothing = all(
        answers[name] is Answer.NO
        or (answers[name] is Answer.NOT_ASKED and (question.asked_if or question.asked_by is AskedBy.NOBODY))
        for name, question in ruleset.questions.items()
    )
    rule = ruleset.no_symptom if nothing else ruleset.base
    return Fired(rule, rule, {}, uncleared=False)


def _destinations(fired: tuple[Fired, ...], urgency: Urgency) -> tuple[Destination, ...]:
    everyone = {destination for rule in fired for destination in rule.outcome.destinations}
    if urgency >= RED_FLAG:
        everyone.discard(Destination.SPINE)
    return tuple(sorted(everyone))
