"""Looks through calls that are over, once each: whether they are to be reviewed, and what they add to the numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog

from voicebot.calls.measures import Tally, measure
from voicebot.calls.record import read_record
from voicebot.calls.review_reasons import WHEN_UNDECIDED, ReviewReason, review_reasons, review_urgency
from voicebot.errors import VoicebotError
from voicebot.storage.review_store import review_values
from voicebot.storage.tally_store import calls_to_look_through, keep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Engine

    from voicebot.storage.store import CallStore

_log = structlog.get_logger()


def look_through(store: CallStore, engine: Engine, now: datetime, limit: int) -> int:
    """Look through at most `limit` calls, the newest first; return how many there were. Raises as `look_at` does."""
    calls = calls_to_look_through(engine, now, limit)
    look_at(store, engine, calls)
    return len(calls)


def look_at(store: CallStore, engine: Engine, calls: Iterable[str]) -> None:
    """Look through these calls; one that was looked through before changes nothing.

    A call whose record cannot be read is put up for review as a fault, and counts for nothing in the numbers. Raises
    VoicebotError `store_failed`.
    """
    for call_id in calls:
        call = store.call(call_id)
        ended_at = call.ended_at or call.last_event_at
        try:
            entries = store.load(call_id)
            record = read_record(entries)
            reasons, urgency = review_reasons(call_id, entries), review_urgency(entries)
            line_level, counts = record.urgency, measure(entries)
        except Exception as error:  # one call that cannot be read must not keep the others waiting
            if isinstance(error, VoicebotError) and error.code == "store_failed":
                raise
            _log.error("call_not_read", call_id=call_id, error=type(error).__name__)
            reasons, urgency, line_level = (ReviewReason.FAULT,), WHEN_UNDECIDED, call.urgency
            counts = Counter[Tally]()
        keep(engine, review_values(call_id, urgency, line_level, reasons, ended_at), counts)
