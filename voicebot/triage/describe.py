"""A rule set as people and programs read it: JSON, plain text, a diagram. Adds nothing that the file does not say."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from voicebot.triage.levels import LEVEL_NAMES, AskedBy, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.triage.file_format import Approval, Rule
    from voicebot.triage.ruleset import Question, RuleSet, Screen


def to_json(ruleset: RuleSet) -> dict[str, Any]:
    """Return the whole rule set, in its own order."""
    return {
        "id": ruleset.id,
        "version": ruleset.version,
        "sha256": ruleset.sha256,
        "title": ruleset.title,
        "notice": ruleset.notice,
        **ruleset.approval.model_dump(mode="json"),
        "for_clinician": list(ruleset.for_clinician),
        "former": {old: list(parts) for old, parts in ruleset.former.items()},
        "questions": [_question(question) for question in ruleset.questions.values()],
        "screens": [_screen(screen) for screen in ruleset.screens.values()],
        "rules": [_rule(rule) for rule in ruleset.rules],
    }


def to_text(ruleset: RuleSet) -> Iterator[str]:
    """Yield lines for a reader: who stands for it, what is asked in which order, which rules there are."""
    yield f"{ruleset.title} ({ruleset.id} {ruleset.version})"
    yield ruleset.notice
    yield stands_for(ruleset.approval)
    yield f"SHA-256 {ruleset.sha256}"
    yield ""
    yield "Questions, in the order of asking"
    for screen in ruleset.screens.values():
        if screen.is_group:
            yield f"  {screen.id} (level {screen.level}, any of {len(screen.questions)}): {screen.text}"
        for name in screen.questions:
            yield from _question_lines(ruleset.questions[name], "    " if screen.is_group else "  ")
    yield from _unasked_lines(ruleset)
    for level in reversed(Urgency):
        yield ""
        yield f"Rules of level {level}, {level.label.replace('_', ' ')}"
        for rule in ruleset.rules:
            if rule.level is level:
                yield from _rule_lines(ruleset, rule)


def to_mermaid(ruleset: RuleSet) -> Iterator[str]:
    """Yield a Mermaid flowchart of the order of asking: down the screens on "no", out to what a yes gives by itself."""
    yield "flowchart TD"
    screens = list(ruleset.screens.values())
    for screen in screens:
        only = " or ".join(ruleset.questions[screen.questions[0]].asked_if)
        lines = [", ".join(screen.questions), *([f"only after {only}"] if only else [])]
        yield f'  {screen.id}["{"<br>".join(lines)}"]'
    for before, after in pairwise(screens):
        yield f"  {before.id} -->|no| {after.id}"
    yield f"  {screens[-1].id} --> level{int(ruleset.base.level)}"
    for screen in screens:
        yield f"  {screen.id} -.->|yes| level{int(screen.level)}"
    for level in Urgency:
        yield f'  level{int(level)}(["{int(level)} {LEVEL_NAMES[level].replace("_", " ")}"])'


def _unasked_lines(ruleset: RuleSet) -> Iterator[str]:
    for question in ruleset.questions.values():
        if question.asked_by is AskedBy.NOBODY:
            yield from _question_lines(question, "  ")
    if ruleset.former:
        yield ""
        yield "Former questions, whose answer counts for each of those that took their place"
    for old, parts in ruleset.former.items():
        yield f"  {old}: {', '.join(parts)}"
    if ruleset.for_clinician:
        yield ""
        yield "For a clinician to decide"
    for point in ruleset.for_clinician:
        yield f"  - {point}"


def _question(question: Question) -> dict[str, Any]:
    unknown = question.unknown_level
    return {
        "id": question.id,
        "text": question.text,
        "reprompt": question.reprompt,
        "help": question.help,
        "patient": asdict(question.patient),
        "why": question.why,
        "level": int(question.level),
        "unknown_level": None if unknown is None else int(unknown),
        "screen": question.screen,
        "asked_if": list(question.asked_if),
        "asked_by": str(question.asked_by),
    }


def _screen(screen: Screen) -> dict[str, Any]:
    return {
        "id": screen.id,
        "questions": list(screen.questions),
        "level": int(screen.level),
        "text": screen.text,
        "reprompt": screen.reprompt,
        "help": screen.help,
        "patient": asdict(screen.patient),
        "read_back": screen.read_back,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    plain = rule.model_dump(mode="json", exclude={"approval"})
    approval = rule.approval.model_dump(mode="json") if rule.approval else {}
    return {**plain, **approval}


def _question_lines(question: Question, indent: str) -> Iterator[str]:
    unknown = "no effect" if question.unknown_level is None else f"level {question.unknown_level}"
    after = f", only after {' or '.join(question.asked_if)}" if question.asked_if else ""
    by = "" if question.asked_by is AskedBy.LINE else f", asked by {question.asked_by}"
    yield f"{indent}{question.id} (yes: level {question.level}, unknown: {unknown}{after}{by}): {question.text}"
    yield f"{indent}  why: {question.why}"


def _rule_lines(ruleset: RuleSet, rule: Rule) -> Iterator[str]:
    fallback = "every question is no" if rule.id == ruleset.no_symptom.id else "no other rule fires"
    yield f"  {rule.id}: when {' and '.join(rule.all_of) or fallback} -> {', '.join(rule.destinations)}"
    if rule.if_unknown:
        yield f"    unknown: level {rule.if_unknown.level} -> {', '.join(rule.if_unknown.destinations)}"
    yield f'    says: "{rule.spoken}"'
    yield f"    source: {rule.source}. ICD-10-CM: {', '.join(rule.icd10) or 'none'}."
    if rule.note:
        yield f"    note: {rule.note}"


def stands_for(approval: Approval) -> str:
    """Return the sentence that tells who answers for the rules."""
    by = f"approved by {approval.approver} on {approval.approved_on}" if approval.approver else "not approved by anyone"
    return f"Written by {approval.author}, {by}, to be reviewed by {approval.review_by}."
