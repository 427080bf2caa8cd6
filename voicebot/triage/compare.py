"""Two rule sets over the same answers: what would be decided differently, in words. Changes neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.triage.engine import Decision, decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True)
class Comparison:
    """The decisions of two rule sets over one set of answers."""

    old: Decision
    new: Decision
    dropped: tuple[str, ...]
    """Questions that were answered and that the new rule set does not have."""

    @property
    def same_outcome(self) -> bool:
        """Whether both say how soon and where to alike, with or without a person."""
        return _outcome(self.old) == _outcome(self.new)

    def outcome_sentences(self) -> Iterator[str]:
        """Yield what differs for the caller, in plain words; nothing when the outcome is the same."""
        if self.old.urgency != self.new.urgency:
            yield f"Urgency goes from {_level(self.old)} to {_level(self.new)}."
        if self.old.destinations != self.new.destinations:
            yield f"Destinations go from {', '.join(self.old.destinations)} to {', '.join(self.new.destinations)}."
        if self.old.live_person != self.new.live_person:
            yield "A person must now talk with the caller." if self.new.live_person else "A person is no longer a must."
        if self.old.urgency_if_no_person != self.new.urgency_if_no_person:
            old, new = (int(decision.urgency_if_no_person) for decision in (self.old, self.new))
            yield f"With no person there, urgency goes from {old} to {new}."

    def sentences(self) -> Iterator[str]:
        """Yield the differences in plain words, those of the rules too; nothing when there are none."""
        yield from self.outcome_sentences()
        before, after = ([fired.id for fired in decision.rules] for decision in (self.old, self.new))
        for rule in before:
            if rule not in after:
                yield f"The rule {rule} fires no longer."
        for rule in after:
            if rule not in before:
                yield f"The rule {rule} fires now."
        for question in self.dropped:
            yield f"The question {question} exists no longer; its answer counts for nothing."


def compare(old: RuleSet, new: RuleSet, answers: Mapping[str, Answer]) -> Comparison:
    """Decide `answers`, given under `old`, with both rule sets.

    Raises VoicebotError "unknown_question" or "unknown_answer" for answers that `old` does not know.
    """
    known = {*new.questions, *new.former}
    kept = {question: answer for question, answer in answers.items() if question in known}
    dropped = tuple(question for question in answers if question not in known)
    return Comparison(decide(old, answers), decide(new, kept), dropped)


def _outcome(decision: Decision) -> tuple[object, ...]:
    return decision.urgency, decision.destinations, decision.live_person, decision.urgency_if_no_person


def _level(decision: Decision) -> str:
    return f"{int(decision.urgency)} ({decision.level.replace('_', ' ')})"
