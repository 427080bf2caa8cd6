"""How a call is reviewed: who may work on it now, what two readers make of it together. Pure: time is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

LEASE = timedelta(minutes=15)
"""So long a claimed call belongs to one reader; then it is free again."""
READERS = 2
"""A disagreement is read a second time, by somebody else; a third is never needed: see `settled_level`."""


class ReviewState(StrEnum):
    """How far the review of a call is."""

    NOT_NEEDED = "not_needed"
    """Nothing speaks for a review; anybody may review it all the same."""
    WAITING = "waiting"
    SECOND_READER = "second_reader"
    """The first reader disagrees with the line: somebody else reads it too."""
    SETTLED = "settled"


QUEUE_STATES = (ReviewState.WAITING, ReviewState.SECOND_READER)
"""Those of calls that wait for a reader."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff, as a review remembers them."""

    id: str
    name: str
    """As it was at the time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on a call, until when."""

    by: Reader
    until: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reader says about a call."""

    by: Reader
    at: datetime
    agrees: bool
    level: int | None
    """The right urgency, 0..5: the line's own when the reader agrees; None when it was never decided."""
    reason: str = ""
    """Why the reader disagrees."""


def is_free(claim: Claim | None, reader_id: str, now: datetime) -> bool:
    """Return whether the reader may work on the call: nobody else holds a claim that still lasts."""
    return claim is None or claim.by.id == reader_id or claim.until <= now


def holds(claim: Claim | None, reader_id: str, now: datetime) -> bool:
    """Return whether the reader's own claim still lasts."""
    return claim is not None and claim.by.id == reader_id and now < claim.until


def may_judge(verdicts: Sequence[Verdict], reader_id: str) -> bool:
    """Return whether one more verdict is wanted, and from this reader: nobody reads a call twice."""
    return state_after(verdicts) is not ReviewState.SETTLED and all(one.by.id != reader_id for one in verdicts)


def state_after(verdicts: Sequence[Verdict]) -> ReviewState:
    """Return how far the review is after these verdicts, in their order."""
    if not verdicts:
        return ReviewState.WAITING
    if verdicts[0].agrees or len(verdicts) >= READERS:
        return ReviewState.SETTLED
    return ReviewState.SECOND_READER


def settled_level(verdicts: Sequence[Verdict]) -> int | None:
    """Return the right urgency; when two readers differ, the more urgent of theirs holds. None: not settled, or never.

    In doubt the more urgent, as everywhere on this line.
    """
    if state_after(verdicts) is not ReviewState.SETTLED:
        return None
    return max((one.level for one in verdicts if one.level is not None), default=None)


def floor_for_rules(line_level: int, settled: int | None, said: int) -> int | None:
    """Return the urgency under which no new rules may bring a call; None when it is no reviewed emergency.

    `settled` is the level that readers have settled on, None while a disagreement is open: then the more urgent of the
    line's level and the most urgent one `said` by a reader counts. An emergency is urgency 4 and above. Rules that
    already gave less than the readers hold right are not blamed for it again, but may not give even less.
    """
    held = max(line_level, said) if settled is None else settled
    return min(line_level, held) if held >= Urgency.EMERGENCY_ROOM else None
