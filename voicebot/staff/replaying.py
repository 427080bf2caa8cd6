"""Stored calls run again under other rules: what moved, and whether rules may be approved after that. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.compare import Comparison


class ReplayState(StrEnum):
    """How far a bulk replay is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody stopped it."""


class Change(StrEnum):
    """What other rules do to a call."""

    DOWN = "down"
    """Less urgent, with a person or without."""
    UP = "up"
    ASIDE = "aside"
    """As urgent, but to other destinations, or with a person no longer or newly a must."""
    SAME = "same"
    UNREADABLE = "unreadable"
    """The call, or the rules it ran by, cannot be read by this version."""


@dataclass(frozen=True, slots=True)
class RunAgain:
    """One call under other rules."""

    call_id: str
    change: Change
    old: int | None = None
    """Urgency 0..5 under its own rules."""
    new: int | None = None
    old_if_nobody: int | None = None
    """Urgency when no person answers, under its own rules."""
    new_if_nobody: int | None = None
    told: tuple[str, ...] = ()
    """What differs, in sentences."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reviewed emergency that stands against new rules."""

    call_id: str
    why: str


def run_again(call_id: str, comparison: Comparison) -> RunAgain:
    """Return what the rules do to a call, given both decisions."""
    old, new = comparison.old, comparison.new
    return RunAgain(
        call_id,
        _change(comparison),
        int(old.urgency),
        int(new.urgency),
        int(old.urgency_if_no_person),
        int(new.urgency_if_no_person),
        tuple(comparison.sentences()),
    )


def obstacles(floors: Mapping[str, int], results: Mapping[str, RunAgain]) -> Iterator[Obstacle]:
    """Yield what stands against approving the rules: reviewed emergencies that they lower, or were not shown to keep.

    `floors` holds every reviewed emergency with the urgency under which it may not be brought; nothing is given the
    benefit of the doubt.
    """
    for call_id, floor in floors.items():
        result = results.get(call_id)
        if result is None:
            yield Obstacle(call_id, "A reviewed emergency that this replay did not run. Run it again.")
        elif result.new is None or result.old_if_nobody is None or result.new_if_nobody is None:
            yield Obstacle(call_id, "A reviewed emergency that cannot be run again.")
        elif result.new < floor:
            yield Obstacle(call_id, f"A reviewed emergency would get urgency {result.new}, and needs {floor}.")
        elif result.new_if_nobody < min(result.old_if_nobody, floor):
            yield Obstacle(
                call_id,
                f"With no person there, a reviewed emergency would get urgency {result.new_if_nobody}, "
                f"and needs {floor}.",
            )


def _change(comparison: Comparison) -> Change:
    old, new = comparison.old, comparison.new
    before, after = (old.urgency, old.urgency_if_no_person), (new.urgency, new.urgency_if_no_person)
    if after[0] < before[0] or after[1] < before[1]:
        return Change.DOWN
    if after != before:
        return Change.UP
    return Change.SAME if comparison.same_outcome else Change.ASIDE
