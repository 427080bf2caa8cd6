"""A rule set as one Markdown page: tables by level and a diagram. Adds nothing that the file does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.describe import stands_for, to_mermaid
from voicebot.triage.levels import AskedBy, Urgency
from voicebot.triage.ruleset import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicebot.triage.file_format import Rule
    from voicebot.triage.ruleset import Question, RuleSet, Screen


def to_markdown(ruleset: RuleSet) -> Iterator[str]:
    """Yield the lines of the page."""
    yield f"# {ruleset.title}"
    yield ""
    yield f"**{ruleset.notice}** {stands_for(ruleset.approval)}"
    yield ""
    yield f"Rule set `{ruleset.id}` {ruleset.version}, SHA-256 `{ruleset.sha256}`."
    yield "Made by `voicebot rules page` from the rule set file; change that file, not this page."
    yield from _clinician(ruleset)
    yield from _order(ruleset)
    yield from _diagram(ruleset)
    yield from _questions(ruleset)
    yield from _rules(ruleset)
    yield from _of_patient(ruleset)
    yield from _former(ruleset)


def _clinician(ruleset: RuleSet) -> Iterator[str]:
    if ruleset.for_clinician:
        yield from _heading("For a clinician to decide")
        yield from (f"- {point}" for point in ruleset.for_clinician)


def _order(ruleset: RuleSet) -> Iterator[str]:
    yield from _heading("The order of asking")
    yield "One line is asked in one breath. A question is skipped once its answer could no longer change the outcome."
    yield ""
    yield from _table(
        ("", "asked", "questions", "level", "who"),
        (
            (
                str(place),
                screen.text,
                _ids(screen.questions),
                str(int(screen.level)),
                _who(ruleset.questions[screen.questions[0]]),
            )
            for place, screen in enumerate(ruleset.screens.values(), start=1)
        ),
    )


def _diagram(ruleset: RuleSet) -> Iterator[str]:
    yield ""
    yield "```mermaid"
    yield from to_mermaid(ruleset)
    yield "```"


def _questions(ruleset: RuleSet) -> Iterator[str]:
    for level in reversed(Urgency):
        asked = [question for question in ruleset.questions.values() if question.level is level]
        if asked:
            yield from _heading(f"Questions of level {int(level)}, {_name(level)}")
            yield from _table(
                ("id", "asked", "in other words", "explained", "why", "unknown gives"),
                (
                    (f"`{one.id}`", one.text, one.reprompt, one.help, one.why, _unknown(one.unknown_level))
                    for one in asked
                ),
            )


def _rules(ruleset: RuleSet) -> Iterator[str]:
    for level in reversed(Urgency):
        yield from _heading(f"Rules of level {int(level)}, {_name(level)}")
        yield from _table(
            ("rule", "when", "leads to", "unknown gives", "says", "cause", "source", "ICD-10-CM", "note"),
            (_rule_row(ruleset, rule) for rule in ruleset.rules if rule.level is level),
        )


def _rule_row(ruleset: RuleSet, rule: Rule) -> tuple[str, ...]:
    fallback = "every question is no" if rule.id == ruleset.no_symptom.id else "no other rule fires"
    weight = rule.if_unknown
    return (
        f"`{rule.id}`",
        " and ".join(f"`{name}`" for name in rule.all_of) or fallback,
        ", ".join(rule.destinations),
        f"{int(weight.level)}: {', '.join(weight.destinations)}" if weight else "no effect",
        rule.spoken,
        rule.seed_cause or "",
        rule.source,
        ", ".join(rule.icd10),
        rule.note or "",
    )


def _of_patient(ruleset: RuleSet) -> Iterator[str]:
    """Yield the words for a caller who speaks for somebody else, where they are others."""
    yield from _heading("For somebody else")
    yield "What is said to a caller who speaks for the patient. What is not here is said to everybody alike."
    yield ""
    asked: list[Question | Screen] = [*ruleset.questions.values()]
    asked += [screen for screen in ruleset.screens.values() if screen.is_group]
    yield from _table(
        ("id", "asked", "in other words", "explained"),
        (
            (f"`{one.id}`", one.patient.text, one.patient.reprompt, one.patient.help)
            for one in asked
            if one.patient != Wording(one.text, one.reprompt, one.help)
        ),
    )
    yield ""
    yield from _table(("rule", "says"), ((f"`{rule.id}`", rule.patient) for rule in ruleset.rules if rule.patient))


def _former(ruleset: RuleSet) -> Iterator[str]:
    if ruleset.former:
        yield from _heading("Former questions")
        yield "Their ids are still accepted. The answer to one counts for each question that took its place; where two"
        yield "answers meet, the more dangerous one holds."
        yield ""
        yield from _table(("former", "now"), ((f"`{old}`", _ids(parts)) for old, parts in ruleset.former.items()))


def _heading(text: str) -> tuple[str, ...]:
    return "", f"## {text}", ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _ids(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _who(question: Question) -> str:
    after = f"after {_ids(question.asked_if)}" if question.asked_if else "everyone"
    return "left for staff" if question.asked_by is AskedBy.STAFF else after


def _name(level: Urgency) -> str:
    return level.label.replace("_", " ")


def _unknown(level: Urgency | None) -> str:
    return "no effect" if level is None else f"level {int(level)}"
