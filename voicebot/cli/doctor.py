"""`voicebot doctor`: tells everything that could be wrong with this installation. Prints; voicebot.doctor finds."""

from __future__ import annotations

import json
from textwrap import indent

import click

from voicebot.config import load_settings
from voicebot.doctor import CHECKS, Finding, Status, examine
from voicebot.errors import Exit

_COLORS = {Status.OK: "green", Status.WARNING: "yellow", Status.ERROR: "red"}
_NAME_WIDTH = max(map(len, CHECKS))
_STATUS_WIDTH = max(map(len, Status))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def doctor(as_json: bool) -> int:
    """Tell everything that could be wrong with this installation, each with its remedy.

    Exits with 1 when calls could not be answered as they should.
    """
    findings = []
    for finding in examine(load_settings()):
        findings.append(finding)
        if not as_json:
            _tell(finding)
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in findings], indent=2))
    wrong = any(finding.verdict.status is Status.ERROR for finding in findings)
    return Exit.VERDICT if wrong else Exit.DONE


def _tell(finding: Finding) -> None:
    verdict = finding.verdict
    status = click.style(f"{verdict.status:<{_STATUS_WIDTH}}", fg=_COLORS[verdict.status])
    click.echo(f"{status}  {finding.name:<{_NAME_WIDTH}}  {verdict.what}")
    if verdict.remedy:
        click.echo(indent(verdict.remedy, " " * (_STATUS_WIDTH + _NAME_WIDTH + 4)))
