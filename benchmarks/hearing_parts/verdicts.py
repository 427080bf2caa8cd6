"""The figures to reach, as data, and whether they are reached. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hearing_parts import scores
from benchmarks.hearing_parts.conditions import LOSS, MAIN, NOISE, RECORDED
from benchmarks.hearing_parts.scores import Share, Tally, tally
from voicebot.dialog.answers import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.hearing_parts.runs import Run

FIGURES: dict[str, tuple[float, float, float]] = {
    RECORDED.name: (0.99, 0.001, 0.01),
    NOISE[1].name: (0.97, 0.005, 0.02),
    LOSS[2].name: (0.98, 0.003, 0.015),
}
"""By condition: yes and no right at least; swapped at most; other words taken at most."""
MOST_CONFIRMED = 0.05
LATENCY_MS = ((50, 300), (95, 500))
"""Percentile and the most it may be."""
MOST_MEGABYTES = 8.0
MOST_LOAD_S = 0.5
MOST_CPU = 0.03
"""CPU seconds per second of audio."""
SMALL = 0.01
"""Shares below this are told with two decimals."""


class Verdict(StrEnum):
    """Where a figure stands."""

    REACHED = "reached"
    UNPROVEN = "reached, too few clips to prove it"
    MISSED = "missed"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Judged:
    """One figure and its verdict."""

    where: str
    what: str
    goal: str
    got: str
    verdict: Verdict


def at_least(share: Share, goal: float) -> Verdict:
    """Judge a share that must not fall below `goal` (0..1)."""
    return _judge(share, share.part >= goal, share.bounds[0] >= goal)


def at_most(share: Share, goal: float) -> Verdict:
    """Judge a share that must not exceed `goal` (0..1)."""
    return _judge(share, share.part <= goal, share.bounds[1] <= goal)


def judge(run: Run) -> list[Judged]:
    """Return every figure with what a run measured."""
    return [*_shares(run), *_speed(run), *_minutes(run)]


def shown(share: Share) -> str:
    """Return a share with its count and 95% interval."""
    if not share.of:
        return "none"
    low, high = map(_percent, share.bounds)
    return f"{_percent(share.part)}% ({share.count} of {share.of}; {low} to {high})"


def _percent(part: float) -> str:
    return f"{100 * part:.{2 if 0 < part < SMALL else 1}f}"


def _judge(share: Share, reached: bool, proven: bool) -> Verdict:
    if not share.of:
        return Verdict.UNKNOWN
    return Verdict.REACHED if proven else Verdict.UNPROVEN if reached else Verdict.MISSED


def _shares(run: Run) -> Iterator[Judged]:
    for condition in MAIN:
        rows = [row for row in run.rows if row.condition == condition.name]
        groups = {condition.name: tally(rows)}
        if condition in NOISE:
            kinds = {kind: tally(some) for kind, some in scores.by(rows, lambda row: row.variant).items()}
            worst = _worst(kinds)
            groups |= {f"{condition.name}, worst noise: {worst}": kinds[worst]} if worst else {}
        for name, counts in groups.items():
            yield from _condition(name, FIGURES[condition.name], counts)
        if condition == RECORDED:
            confirm = groups[condition.name].to_confirm
            goal = f"at most {100 * MOST_CONFIRMED:g}%"
            yield Judged(condition.name, "yes/no to confirm", goal, shown(confirm), at_most(confirm, MOST_CONFIRMED))


def _worst(kinds: dict[str, Tally]) -> str | None:
    heard = [kind for kind, counts in kinds.items() if counts.right.of]
    return min(heard, key=lambda kind: kinds[kind].right.part, default=None)


def _condition(name: str, figures: tuple[float, float, float], counts: Tally) -> Iterator[Judged]:
    right, swapped, taken = figures
    yield Judged(name, "yes/no right", f"at least {100 * right:g}%", shown(counts.right), at_least(counts.right, right))
    for what, share, goal in (("swapped", counts.swapped, swapped), ("other words taken", counts.taken, taken)):
        yield Judged(name, what, f"at most {100 * goal:g}%", shown(share), at_most(share, goal))


def _speed(run: Run) -> Iterator[Judged]:
    recorded = [row for row in run.rows if row.condition == RECORDED.name]
    for where, sure in ((RECORDED.name, False), (f"{RECORDED.name}, quiet after the word", True)):
        late = scores.latencies(recorded, sure=sure)
        for percentile, most_ms in LATENCY_MS:
            got = float(np.percentile(late, percentile)) if late else math.nan
            yield _number(where, f"end of word to answer, p{percentile}", most_ms, got, lambda ms: f"{ms:.0f} ms")
    cpu = scores.cpu_per_second(recorded)
    yield _number(RECORDED.name, "CPU s per s of audio", MOST_CPU, cpu, lambda part: f"{part:.3g}")
    size = run.about["megabytes"] or math.nan
    yield _number("model", "size", MOST_MEGABYTES, size, lambda megabytes: f"{megabytes:g} MB")
    yield _number("model", "time to load", MOST_LOAD_S, run.about["load_s"], lambda seconds: f"{seconds:g} s")


def _number(where: str, what: str, most: float, got: float, show: Callable[[float], str]) -> Judged:
    if math.isnan(got):
        return Judged(where, what, f"at most {show(most)}", "none", Verdict.UNKNOWN)
    return Judged(where, what, f"at most {show(most)}", show(got), Verdict.REACHED if got <= most else Verdict.MISSED)


def _minutes(run: Run) -> Iterator[Judged]:
    groups = dict.fromkeys(row.group for row in run.stretches)
    for group in groups:
        rows = [row for row in run.stretches if row.group == group]
        accepted, minutes = scores.per_minute(rows, Action.ACCEPT)
        confirm, _ = scores.per_minute(rows, Action.CONFIRM)
        got = f"{accepted} accepted, {confirm} to confirm in {minutes:.1f} min"
        yield Judged(group, "answers", "0", got, Verdict.REACHED if accepted + confirm == 0 else Verdict.MISSED)
