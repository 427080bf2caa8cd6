"""Puts results into the pages that show them, between marks. Knows where, not what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from benchmarks.hearing_parts import calibration, details, scores, tables
from benchmarks.hearing_parts.conditions import MAIN, RECORDED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.hearing_parts.runs import Run

BEGIN, END = "<!-- hearing: measured -->", "<!-- hearing: end -->"
"""What stands between these lines of a page is written by `python -m benchmarks.hearing`."""


def fill(page: Path, text: str) -> None:
    """Replace what stands between the marks of a page, or make one. Raises click.ClickException without marks."""
    before, begin, rest = (page.read_text("utf-8") if page.exists() else f"{BEGIN}\n{END}\n").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise click.ClickException(f"{page} lacks the lines {BEGIN} and {END}: put them where the table belongs.")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def summary(runs: Sequence[Run]) -> str:
    """Return the short table, all recognizers under the main conditions, and which figures ours misses."""
    ours = runs[0]
    return "\n\n".join([f"{ours.spec.name}: {tables.measured(ours)}.", tables.overview(runs), tables.missed(ours)])


def card(run: Run) -> str:
    """Return the scores of one model by condition, for the page that describes it."""
    return "\n\n".join([f"{tables.measured(run)}.", tables.conditions(run), details.words(run), details.synthetic(run)])


def report(runs: Sequence[Run], plots: Sequence[str], folder: str) -> str:
    """Return everything, with the pictures `plots` of `folder`; the first run is ours."""
    ours = runs[0]
    parts = [
        "\n".join(f"- **{run.spec.name}**: {tables.measured(run)}" for run in runs),
        f"## Figures to reach: {ours.spec.name}",
        tables.verdicts(ours),
        "## Side by side",
        tables.overview(runs),
        *_pictures(plots, folder, ("noise", "loss")),
        f"## {ours.spec.name}, condition by condition",
        tables.conditions(ours),
        tables.kinds(ours),
        "## By speaker",
        _speakers(ours),
        *_pictures(plots, folder, ("speakers",)),
        "## How fast",
        *_pictures(plots, folder, ("latency",)),
        "## What confidence means",
        _calibration(ours),
        *_pictures(plots, folder, ("reliability",)),
        "## What is taken for what",
        details.words(ours),
        "The commonest mistakes, main conditions together:",
        details.confusions(ours),
        "## Where nobody answers",
        details.minutes(ours),
        "## Phrases by synthetic voices",
        details.synthetic(ours),
        "Recorded speech, in which nobody says any such thing, taken for a call for help or for a person:",
        details.urgent_alarms(ours),
    ]
    return "\n\n".join(parts)


def _calibration(run: Run) -> str:
    recorded = [row for row in run.rows if row.condition == RECORDED.name]
    call, clips = calibration.reliability(recorded), calibration.reliability(recorded, as_they_come=True)
    return (
        f"Expected calibration error over {sum(told.count for told in call)} answers heard, as recorded: "
        f"{calibration.calibration_error(call):.3f} if other speech is as rare as it is taken to be on a call, "
        f"{calibration.calibration_error(clips):.3f} with other speech as often as among the clips."
    )


def _speakers(run: Run) -> str:
    main = {condition.name for condition in MAIN}
    count, share = scores.worst_tenth(row for row in run.rows if row.condition in main)
    few, once = scores.worst_tenth(row for row in run.rows if row.condition == RECORDED.name)
    return (
        f"The worst tenth of the speakers ({count}) have {100 * share:.1f}% of their yes and no heard right, the main "
        f"conditions together; as recorded, where most have but one or two clips, {100 * once:.1f}% ({few})."
    )


def _pictures(plots: Sequence[str], folder: str, names: Sequence[str]) -> list[str]:
    return [f"![{name}]({folder}/{name}.png)" for name in names if name in plots]
