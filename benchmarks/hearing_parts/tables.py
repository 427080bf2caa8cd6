"""Results as Markdown: recognizers side by side, one under all conditions. Layout only; `scores.py` counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hearing_parts import scores
from benchmarks.hearing_parts.conditions import ALL, MAIN, Kind
from benchmarks.hearing_parts.scores import by, tally
from benchmarks.hearing_parts.verdicts import Verdict, judge, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.hearing_parts.rows import Row
    from benchmarks.hearing_parts.runs import Run


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def measured(run: Run) -> str:
    """Return when and on what a run was made."""
    size = f"; model {run.about['megabytes']:g} MB" if run.about["megabytes"] else ""
    cpu = scores.cpu_per_second(run.rows)
    speed = f"{size}, loaded in {1000 * run.about['load_s']:.0f} ms; {cpu:.3f} s of CPU per s of audio"
    return f"{run.about['date']}, {run.about['machine']}{speed}"


def overview(runs: Sequence[Run]) -> str:
    """Return one table of all recognizers under the main conditions: same clips, same channel."""
    lines = []
    for condition in MAIN:
        for run in runs:
            rows = under(run, condition.name)
            if rows:
                lines.append([condition.name, run.spec.name, *_counts(rows)])
    return table(["condition", "recognizer", *_HEAD], lines)


def verdicts(run: Run) -> str:
    """Return every figure to reach and whether it is reached."""
    return table(
        ["condition", "figure", "to reach", "measured (95% interval)", "verdict"],
        ([figure.where, figure.what, figure.goal, figure.got, str(figure.verdict)] for figure in judge(run)),
    )


def missed(run: Run) -> str:
    """Return in a sentence or two how many figures are reached, and name those that are not."""
    figures = judge(run)
    count = Counter(figure.verdict for figure in figures)
    reached = count[Verdict.REACHED] + count[Verdict.UNPROVEN]
    few = count[Verdict.UNPROVEN]
    told = f"Of {len(figures)} figures {reached} are reached, {few} of them by too few clips to prove it."
    short = [f"{figure.where}, {figure.what}" for figure in figures if figure.verdict is Verdict.MISSED]
    return f"{told} Missed: {'; '.join(short)}." if short else f"{told} None is missed."


def conditions(run: Run) -> str:
    """Return one recognizer under every condition it was heard in, with its latency."""
    lines = []
    for condition in ALL:
        if rows := under(run, condition.name):
            late = scores.latencies(rows)
            p50, p95 = (f"{ms:.0f}" for ms in np.percentile(late, [50, 95])) if late else ("", "")
            lines.append([condition.name, *_counts(rows), p50, p95])
    return table(["condition", *_HEAD, "end of word to answer, ms: p50", "p95"], lines)


def kinds(run: Run) -> str:
    """Return each kind of noise, of loss, of room, of codec by itself, under the conditions that have several."""
    lines = []
    for condition in ALL:
        groups = by(under(run, condition.name), lambda row: row.variant)
        if len(groups) > 1 and (condition.kind is not Kind.NOISE or condition in MAIN):
            lines += [[condition.name, kind, *_counts(rows)] for kind, rows in sorted(groups.items())]
    return table(["condition", "kind", *_HEAD], lines)


_HEAD = ("yes/no right", "of these to confirm", "swapped", "(to confirm)", "other words taken", "(to confirm)")


def _counts(rows: Sequence[Row]) -> list[str]:
    counts = tally(rows)
    swapped, taken = str(counts.swapped_confirm.count), str(counts.taken_confirm.count)
    return [
        shown(counts.right),
        str(counts.confirmed.count),
        shown(counts.swapped),
        swapped,
        shown(counts.taken),
        taken,
    ]


def under(run: Run, condition: str) -> list[Row]:
    """Return what a run heard under one condition."""
    return [row for row in run.rows if row.condition == condition]
