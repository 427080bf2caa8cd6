"""Results as small pictures. Draws what `scores.py` counted; needs matplotlib (the extra `benchmarks`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from benchmarks.hearing_parts import calibration, scores
from benchmarks.hearing_parts.conditions import LOSS, MAIN, NOISE, RECORDED, Condition
from benchmarks.hearing_parts.scores import tally
from benchmarks.hearing_parts.verdicts import FIGURES, LATENCY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.hearing_parts.rows import Row
    from benchmarks.hearing_parts.runs import Run
    from benchmarks.hearing_parts.scores import Share

COLORS = ("#0b6e4f", "#c8553d", "#3d5a80", "#8d6a9f", "#b08900", "#555555", "#7aa95c")


def draw(runs: Sequence[Run], folder: Path) -> list[str]:
    """Draw everything there are results for into PNG files of `folder`; return their names. Ours is the first run."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {
        "noise": _curves(runs, (RECORDED, *NOISE), ["as\nrecorded", "20", "10", "5", "0"], "signal to noise (dB)"),
        "loss": _curves(runs, (RECORDED, *LOSS), ["0", "1", "3", "5", "10"], "lost frames (%)"),
        "speakers": _speakers(runs[0]),
        "latency": _latency(runs[0]),
        "reliability": _reliability(runs[0]),
    }
    for name, figure in drawn.items():
        figure.savefig(folder / f"{name}.png", dpi=90, bbox_inches="tight", metadata={"Software": None})
        plt.close(figure)
    return list(drawn)


def _curves(runs: Sequence[Run], conditions: Sequence[Condition], ticks: Sequence[str], label: str) -> Any:
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), sharex=True)
    titles = ("yes/no right (%)", "yes/no swapped (%)", "other words taken (%)")
    goals = [dict(enumerate(FIGURES.get(condition.name, ()))) for condition in conditions]
    for place, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        for number, run in enumerate(runs):
            points = [_share(_under(run, condition), place) for condition in conditions]
            at = [x for x, share in enumerate(points) if share.of]
            parts = [100 * points[x].part for x in at]
            # rounding may leave a bound a hair beyond the share itself
            bars = np.array(
                [
                    [max(0.0, abs(100 * edge - part)) for edge in points[x].bounds]
                    for x, part in zip(at, parts, strict=True)
                ]
            )
            beside = np.array(at) + 0.08 * (number - (len(runs) - 1) / 2)
            axis.errorbar(
                beside,
                parts,
                bars.T if at else None,
                label=run.spec.name,
                color=_color(number),
                marker="o",
                ms=4,
                capsize=2,
                lw=1.3,
            )
        marks = [(x, 100 * goal[place]) for x, goal in enumerate(goals) if place in goal]
        axis.scatter(*zip(*marks, strict=True), marker="_", s=500, color="black", label="to reach", zorder=3)
        axis.set(title=title, xlabel=label, xticks=range(len(ticks)), xticklabels=ticks)
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=8)
    return figure


def _speakers(run: Run) -> Any:
    names = {condition.name for condition in MAIN}
    rows = [row for row in run.rows if row.condition in names]
    shares = [100 * share for _, share in scores.speakers(rows)]
    count, mean = scores.worst_tenth(rows)
    figure, axis = plt.subplots(figsize=(8, 3.2))
    axis.bar(
        range(count),
        shares[:count],
        color=COLORS[1],
        width=1.0,
        label=f"worst tenth: {count} speakers, mean {100 * mean:.1f}%",
    )
    axis.bar(range(count, len(shares)), shares[count:], color=COLORS[0], width=1.0)
    axis.set(
        xlabel="speakers, worst first",
        ylabel="yes/no right (%)",
        title=f"{len(shares)} speakers, main conditions together",
    )
    axis.legend(fontsize=8, loc="lower right")
    return figure


def _latency(run: Run) -> Any:
    figure, axis = plt.subplots(figsize=(8, 3.2))
    for number, condition in enumerate(MAIN):
        if late := scores.latencies(_under(run, condition)):
            told = ", ".join(f"p{p} {np.percentile(late, p):.0f} ms" for p, _ in LATENCY_MS)
            shown = np.clip(late, -400, 1600)
            weights = np.full(len(late), 100 / len(late))
            axis.hist(
                shown,
                bins=np.arange(-400, 1620, 40),
                weights=weights,
                histtype="step",
                color=_color(number),
                lw=1.5,
                label=f"{condition.name}: {told}",
            )
    for percentile, most_ms in LATENCY_MS:
        axis.axvline(most_ms, color="black", ls=":", lw=1)
        axis.annotate(
            f"p{percentile} to reach", (most_ms, axis.get_ylim()[1]), rotation=90, va="top", ha="right", fontsize=7
        )
    axis.set(xlabel="end of word to answer (ms of audio)", ylabel="answers (%)", title="How long an answer takes")
    axis.legend(fontsize=8)
    return figure


def _reliability(run: Run) -> Any:
    bins = calibration.reliability(_under(run, RECORDED))
    figure, (axis, counts) = plt.subplots(2, 1, figsize=(5, 5), sharex=True, height_ratios=(3, 1))
    axis.plot([0, 1], [0, 1], color="black", ls=":", lw=1)
    at = [told.confidence for told in bins]
    label = f"other speech as rare as on a call: error {calibration.calibration_error(bins):.3f}"
    axis.plot(at, [told.part for told in bins], color=COLORS[0], marker="o", label=label)
    clips = calibration.reliability(_under(run, RECORDED), as_they_come=True)
    label = f"as often as among the clips: error {calibration.calibration_error(clips):.3f}"
    axis.plot(
        [told.confidence for told in clips], [told.part for told in clips], color=COLORS[1], marker="s", label=label
    )
    axis.set(ylabel="share that is right", ylim=(-0.02, 1.02), title="Answers heard, as recorded")
    axis.legend(fontsize=7)
    counts.bar(at, [told.count for told in bins], width=0.05, color=COLORS[0])
    counts.set(xlabel="confidence", ylabel="answers", yscale="log", xlim=(0, 1.02))
    return figure


def _share(rows: Sequence[Row], place: int) -> Share:
    counts = tally(rows)
    return (counts.right, counts.swapped, counts.taken)[place]


def _under(run: Run, condition: Condition) -> list[Row]:
    return [row for row in run.rows if row.condition == condition.name]


def _color(number: int) -> str:
    return COLORS[number % len(COLORS)]
