"""Writes runs down for people (HTML: scenarios down, callers across) and for build servers (JUnit XML)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from jinja2 import Environment, PackageLoader

from voicebot.errors import Exit, VoicebotError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voicebot.simulate.verdict import Run

HTML, JUNIT = "report.html", "junit.xml"


def write_report(folder: Path, runs: Sequence[Run]) -> None:
    """Write `report.html` and `junit.xml` into `folder`, made if need be. Raises VoicebotError `report_unwritable`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HTML).write_text(as_html(runs), encoding="utf-8")
        (folder / JUNIT).write_bytes(as_junit(runs))
    except OSError as error:
        raise VoicebotError(
            "report_unwritable", f"{folder}: {error.strerror}.", "Name another folder.", Exit.CANNOT_RUN
        ) from None


def as_html(runs: Sequence[Run]) -> str:
    """Return the runs as one page."""
    by_scenario: dict[str, list[Run]] = {}
    for run in runs:
        by_scenario.setdefault(run.scenario, []).append(run)
    page = Environment(loader=PackageLoader("voicebot.simulate", "."), autoescape=True).get_template(HTML)
    return page.render(by_scenario=by_scenario, runs=runs, passed=sum(run.passed for run in runs))


def as_junit(runs: Sequence[Run]) -> bytes:
    """Return the runs as JUnit XML, one test case a run."""
    failed = sum(not run.passed for run in runs)
    suite = ET.Element("testsuite", name="voicebot simulate", tests=str(len(runs)), failures=str(failed))
    for run in runs:
        seconds = f"{run.facts.duration_ms / 1000:.3f}"
        name = f"{run.scenario}[{run.seed}]"
        case = ET.SubElement(suite, "testcase", classname=run.mode, name=name, time=seconds)
        for failure in run.failures:
            message = f"{failure.check}: expected {failure.expected}, got {failure.got}"
            ET.SubElement(case, "failure", message=message)
    xml: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return xml
