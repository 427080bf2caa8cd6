"""How long somebody stays signed in: a function of times. Keeps no session and reads no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SEEN_EVERY = timedelta(minutes=1)
"""That somebody is still here is written down at most this often: a page costs no commit."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """After how long one has to sign in again."""

    idle: timedelta
    """Since the last thing the member did."""
    absolute: timedelta
    """Since signing in, whatever was done."""


def is_over(started_at: datetime, seen_at: datetime, now: datetime, limits: SessionLimits) -> bool:
    """Return whether a session has ended by itself; a clock that was set back ends it, too."""
    return not (started_at <= now < started_at + limits.absolute and now < seen_at + limits.idle)


def worth_noting(seen_at: datetime, now: datetime) -> bool:
    """Return whether it is long enough ago that the member was last seen to write it down again."""
    return now - seen_at >= SEEN_EVERY
