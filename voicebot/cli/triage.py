"""`voicebot triage`: the decision over answers given as JSON. Reads and prints; voicebot.triage decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

import click

from voicebot.cli.rules import read_ruleset, rules_option
from voicebot.errors import VoicebotError
from voicebot.triage.answers import parse_answers
from voicebot.triage.answers_json import read_answers
from voicebot.triage.engine import Decision, decide
from voicebot.triage.trace import trace

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@rules_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def triage(file: TextIO, path: Path, as_json: bool) -> None:
    """Decide over the answers in FILE (- for standard input).

    FILE is JSON: {"question_id": "yes", ...} with yes, no, unknown, declined or not_asked.
    """
    ruleset = read_ruleset(path)
    answers = parse_answers(_read(file), ruleset)
    decision = decide(ruleset, answers)
    if as_json:
        click.echo(json.dumps(decision.to_json()))
    else:
        click.echo("\n".join([*_lines(decision), "", trace(ruleset, answers).to_text()]))


def _read(file: TextIO) -> dict[str, object]:
    try:
        return read_answers(file.read())
    except UnicodeDecodeError:
        raise VoicebotError("answers_unreadable", "The answers are no UTF-8 text.", "Save them as UTF-8.") from None


def _lines(decision: Decision) -> list[str]:
    lines = [
        f"Urgency {int(decision.urgency)} ({decision.level}), to {', '.join(decision.destinations)}.",
        *(f"  {fired.id}: {fired.rule.spoken}" for fired in decision.rules),
    ]
    if decision.live_person:
        stricter = decision.level_of(decision.urgency_if_no_person)
        lines.append(f"A red flag could not be cleared: a person must talk with the caller, or else {stricter}.")
    if not decision.complete:
        lines.append("Not complete: open questions could still raise the urgency.")
    lines.append(f"Next question: {decision.next_question or 'none'}.")
    if decision.left_for_staff:
        lines.append(f"Left for staff to ask: {', '.join(decision.left_for_staff)}.")
    return lines
