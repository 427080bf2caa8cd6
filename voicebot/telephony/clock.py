"""The wall clock, and where it stands on a call's own clock. The one place of this room that asks for the time."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def ms_since(started_at: datetime, now: datetime) -> int:
    """Return the milliseconds from `started_at` to `now`; 0 if the clock was set back meanwhile."""
    return max(0, int((now - started_at).total_seconds() * 1000))
