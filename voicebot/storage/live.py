"""Which calls are going on right now: a short list, read often, so it is one small query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from voicebot.dialog.events import Channel
from voicebot.storage.engine import transaction
from voicebot.storage.tables import CALLS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

MOST = 200
"""More calls than any line takes at once (VOICEBOT_MAX_CALLS)."""


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A call that goes on."""

    call_id: str
    call_sid: str | None
    """The carrier's id."""
    channel: Channel
    started_at: datetime


def live_rows(engine: Engine, since: datetime) -> list[LiveRow]:
    """Return telephone calls that are not over and of which something happened since `since`, the oldest first.

    Raises VoicebotError `store_failed`.
    """
    running = (CALLS.c.ended_at.is_(None), CALLS.c.last_event_at >= since, CALLS.c.channel != Channel.WEB.value)
    columns = (CALLS.c.call_id, CALLS.c.call_sid, CALLS.c.channel, CALLS.c.started_at)
    query = select(*columns).where(*running).order_by(CALLS.c.started_at, CALLS.c.call_id).limit(MOST)
    with transaction(engine) as connection:
        return [
            LiveRow(row.call_id, row.call_sid, Channel(row.channel), row.started_at)
            for row in connection.execute(query)
        ]
