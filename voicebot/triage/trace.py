"""Why: every rule, fired or not, with the answer each condition saw. Decides nothing that engine.py does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.bits import read_sheet
from voicebot.triage.engine import all_that_hold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.file_format import Rule
    from voicebot.triage.levels import Urgency
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True)
class Trace:
    """Every rule of a rule set, in its order, and what it saw."""

    rules: tuple[Rule, ...]
    saw: Mapping[str, Answer]
    """Every question with its answer."""
    gave: Mapping[str, Urgency]
    """Id of each rule that fired -> the urgency it gave."""

    def to_json(self) -> list[dict[str, Any]]:
        """Return each rule as `{"id", "level", "fired", "gives", "conditions": [{"question", "answer"}]}`.

        Equal answers give equal bytes.
        """
        saw = {question: {"question": question, "answer": str(answer)} for question, answer in self.saw.items()}
        gave = {rule: int(urgency) for rule, urgency in self.gave.items()}
        return [
            {
                "id": rule.id,
                "level": int(rule.level),
                "fired": rule.id in gave,
                "gives": gave.get(rule.id),
                "conditions": [saw[question] for question in rule.all_of],
            }
            for rule in self.rules
        ]

    def to_text(self) -> str:
        """Return one line a rule, such as `fired 4  cauda-saddle: saddle yes`."""
        return "\n".join(map(self._line, self.rules))

    def _line(self, rule: Rule) -> str:
        mark = f"fired {int(self.gave[rule.id])}" if rule.id in self.gave else "      -"
        saw = ", ".join(f"{question} {self.saw[question]}" for question in rule.all_of)
        return f"{mark}  {rule.id}" + (f": {saw}" if saw else "")


def trace(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Trace:
    """Return how every rule saw these answers.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    sheet = read_sheet(ruleset, answers)
    gave = {fired.id: fired.urgency for fired in all_that_hold(ruleset, sheet)}
    return Trace(ruleset.rules, sheet.answers, gave)
