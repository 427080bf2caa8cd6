"""From answers to a decision: every rule is judged, the most urgent one sets the urgency, destinations are a set.

Monotone by construction: a rule looks for yes and for unknown, never for no, and urgency is a maximum. What to ask next
lives in asking.py, why a rule held in trace.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.asking import answer_screen, next_question, next_screen, screen_for, staff_questions
from voicebot.triage.bits import read_sheet
from voicebot.triage.judging import Fired, can_still_rise, judge_all
from voicebot.triage.levels import LEVEL_NAMES, RED_FLAG, Destination, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.bits import Sheet
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
    sheet = read_sheet(ruleset, answers)
    fired = all_that_hold(ruleset, sheet)
    urgency = max(rule.urgency for rule in fired)
    uncleared = [rule for rule in fired if rule.uncleared and rule.rule.level >= RED_FLAG]
    screen = screen_for(ruleset, sheet)
    return Decision(
        urgency=urgency,
        destinations=_destinations(fired, urgency),
        live_person=bool(uncleared),
        urgency_if_no_person=max(urgency, *(rule.rule.level for rule in uncleared), urgency),
        complete=not can_still_rise(sheet, urgency),
        rules=fired,
        next_question=screen.questions[0] if screen else None,
        left_for_staff=staff_questions(sheet),
        ruleset=ruleset,
    )


def all_that_hold(ruleset: RuleSet, sheet: Sheet) -> tuple[Fired, ...]:
    """Return the rules that decide: every one that fires, or else the one for callers without any."""
    return judge_all(sheet) or (_fallback(ruleset, sheet),)


def _fallback(ruleset: RuleSet, sheet: Sheet) -> Fired:
    """Return the base rule, or self-care once every question was answered no.

    A follow-up may be left unasked, as may what nobody asks.
    """
    bits = ruleset.bits
    must_be_no = bits.first_asked & ~bits.by_nobody
    nothing = not sheet.yes | sheet.uncleared and not must_be_no & ~sheet.no
    rule = ruleset.no_symptom if nothing else ruleset.base
    return Fired(rule, rule, {}, uncleared=False)


def _destinations(fired: tuple[Fired, ...], urgency: Urgency) -> tuple[Destination, ...]:
    everyone = {destination for rule in fired for destination in rule.outcome.destinations}
    if urgency >= RED_FLAG:
        everyone.discard(Destination.SPINE)
    return tuple(sorted(everyone))
