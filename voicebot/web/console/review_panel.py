"""A call's review as one member sees it: what may be done, how long it has waited, what comes before and after it.

Worked out before any HTML is made; no request and no database in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from voicebot.staff.review import QUEUE_STATES, ReviewState, holds, is_free, may_judge
from voicebot.triage.levels import Urgency
from voicebot.web.console.review_view import level_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from voicebot.storage.review_store import Review


@dataclass(frozen=True, slots=True)
class Panel:
    """A review as one member sees it."""

    review: Review
    mine: bool
    """The member holds the call."""
    free: bool
    """The member could take the call."""
    wanted: bool
    """A verdict of this member is wanted."""
    second: bool
    """It would be the second one."""
    line_level: str
    waited: timedelta
    """Since the call was over."""
    late: bool
    """An emergency that waits for longer than it may."""

    @property
    def line_number(self) -> int:
        """The line's own level; -1 when there is none."""
        return -1 if self.review.line_level is None else self.review.line_level

    @property
    def otherwise(self) -> str:
        """What readers hold right instead of the line's level, as a sentence; empty while they agree with it."""
        review = self.review
        if review.state is ReviewState.SECOND_READER:
            level = level_in_words(review.verdicts[0].level)
            return f"A reviewer disagrees: {level}. Nobody has read it a second time yet."
        if review.state is ReviewState.SETTLED and review.level != review.line_level:
            return f"Reviewed, and held to be urgency {level_in_words(review.level)}."
        return ""


def panel(review: Review, member_id: str, now: datetime, emergency_within: timedelta) -> Panel:
    """Return what a member may do about a review; an emergency that waits for longer than it may is late."""
    waited = max(timedelta(), now - review.ended_at)
    urgent = review.urgency >= Urgency.EMERGENCY_ROOM and review.state in QUEUE_STATES
    return Panel(
        review,
        mine=holds(review.claim, member_id, now),
        free=is_free(review.claim, member_id, now),
        wanted=may_judge(review.verdicts, member_id),
        second=review.state is ReviewState.SECOND_READER,
        line_level=level_in_words(review.line_level),
        waited=waited,
        late=urgent and waited > emergency_within,
    )


def beside(panels: Sequence[Panel], call_id: str) -> tuple[str | None, str | None]:
    """Return the calls before and after this one in the queue, of those that the member could take."""
    order = [one.review.call_id for one in panels if (one.free and one.wanted) or one.review.call_id == call_id]
    if call_id not in order:
        return None, order[0] if order else None
    at = order.index(call_id)
    return order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None


def how_long(waited: timedelta) -> str:
    """Return a time in its two largest units, `3 h 20 min`."""
    minutes = int(waited / timedelta(minutes=1))
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return f"{days} d {hours % 24} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
