"""A stored decision as a page shows it: what was decided, and the answer each rule saw. Decides nothing again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.triage.answers import Answer
from voicebot.triage.levels import Destination
from voicebot.web.wording import ANSWERS, DESTINATIONS, URGENCIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Condition:
    """One question a rule looked at, and the answer it saw."""

    question: str
    answer: str
    question_id: str = ""


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """One rule as it saw the answers."""

    rule_id: str
    gives: str
    """The urgency it gave, in words; empty when it did not fire."""
    spoken: str
    """The reason as the line says it; empty when the rule set is not at hand."""
    source: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided, and why."""

    destinations: str
    cautions: tuple[str, ...]
    """What a reader must know beside the urgency."""
    fired: tuple[JudgedRule, ...]
    """Most urgent first."""
    others: tuple[JudgedRule, ...]
    """Those that did not fire."""
    ruleset: str


def view_decision(
    decision: Mapping[str, Any], trace: Sequence[Mapping[str, Any]], ruleset: RuleSet | None
) -> DecisionView:
    """Return a stored decision to read, in the words of the rule set it was made by, if that can still be read."""
    judged = sorted(trace, key=lambda rule: rule["gives"] or 0, reverse=True)
    used = decision["ruleset"]
    return DecisionView(
        destinations=", ".join(DESTINATIONS[Destination(name)] for name in decision["destinations"]),
        cautions=tuple(_cautions(decision, ruleset)),
        fired=tuple(_judged(rule, ruleset) for rule in judged if rule["fired"]),
        others=tuple(_judged(rule, ruleset) for rule in judged if not rule["fired"]),
        ruleset=f"{used['id']} {used['version']} ({str(used['sha256'])[:12]})",
    )


def _cautions(decision: Mapping[str, Any], ruleset: RuleSet | None) -> Iterator[str]:
    if decision["live_person"]:
        yield (
            "A red flag could not be cleared: a person must talk with the caller. "
            f"If nobody can, urgency {URGENCIES[int(decision['urgency_if_no_person'])]}."
        )
    if not decision["complete"]:
        yield "Not complete: a question left open could still raise the urgency."
    if left := decision.get("left_for_staff"):
        known = ruleset.questions if ruleset else {}
        asked = " ".join(known[question].text if question in known else f"{question}?" for question in left)
        yield f"For staff to ask before the visit: {asked}"


def _judged(judged: Mapping[str, Any], ruleset: RuleSet | None) -> JudgedRule:
    rule = next((rule for rule in ruleset.rules if rule.id == judged["id"]), None) if ruleset else None
    questions = ruleset.questions if ruleset else {}
    return JudgedRule(
        rule_id=judged["id"],
        gives=URGENCIES[int(judged["gives"])] if judged["fired"] else "",
        spoken=rule.spoken if rule else "",
        source=rule.source if rule else "",
        conditions=tuple(
            Condition(
                questions[seen["question"]].text if seen["question"] in questions else seen["question"],
                ANSWERS[Answer(seen["answer"])],
                seen["question"],
            )
            for seen in judged["conditions"]
        ),
    )
