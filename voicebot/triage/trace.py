"""Why: every rule, fired or not, with the answer each condition saw. Decides nothing that engine.py does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.engine import decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.file_format import Rule
    from voicebot.triage.levels import Urgency
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True)
class Judged:
    """One rule and what it saw."""

    rule: Rule
    saw: Mapping[str, Answer]
    gives: Urgency | None
    """The urgency it gave; None when it did not fire."""

    def to_json(self) -> dict[str, Any]:
        """Return `{"id", "level", "fired", "gives", "conditions": [{"question", "answer"}]}`."""
        return {
            "id": self.rule.id,
            "level": int(self.rule.level),
            "fired": self.gives is not None,
            "gives": None if self.gives is None else int(self.gives),
            "conditions": [{"question": question, "answer": str(answer)} for question, answer in self.saw.items()],
        }

    def to_text(self) -> str:
        """Return one line, such as `fired 4  cauda-saddle: saddle yes`."""
        mark = "      -" if self.gives is None else f"fired {int(self.gives)}"
        saw = ", ".join(f"{question} {answer}" for question, answer in self.saw.items())
        return f"{mark}  {self.rule.id}" + (f": {saw}" if saw else "")


@dataclass(frozen=True)
class Trace:
    """Every rule of a rule set, in its order."""

    rules: tuple[Judged, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rules as JSON; equal answers give equal bytes."""
        return [judged.to_json() for judged in self.rules]

    def to_text(self) -> str:
        """Return one line a rule."""
        return "\n".join(judged.to_text() for judged in self.rules)


def trace(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Trace:
    """Return how every rule saw these answers.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    seen = parse_answers(answers, ruleset)
    gave = {fired.id: fired.urgency for fired in decide(ruleset, seen).rules}
    return Trace(
        tuple(
            Judged(rule, {question: seen[question] for question in rule.all_of}, gave.get(rule.id))
            for rule in ruleset.rules
        )
    )
