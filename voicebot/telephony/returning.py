"""Whether a call comes from a telephone that was cut off minutes ago, and what it may go on with.

Numbers are compared by a hash keyed with the carrier's auth token, so none is kept for it; a hidden number matches
nothing. Whatever fails in here, the call begins as any other.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from voicebot.calls.outcome import Outcome
from voicebot.calls.unfinished import left_open
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from voicebot.config import Settings
    from voicebot.parts import Parts
    from voicebot.storage.rows import CallRow
    from voicebot.triage.answers import Answer

WITHIN = timedelta(minutes=30)
"""From the end of a call; later, too much may have changed to go on."""
DEAD_AFTER = timedelta(seconds=30)
"""A call in the middle of the questions of which nothing was heard for longer is over, whether we were told or not."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A call that may be gone on with."""

    call_id: str = ""
    """Empty: there is none."""
    answers: Mapping[str, Answer] = field(default_factory=dict)


def mark_of(number: str, settings: Settings) -> str:
    """Return the mark of a telephone number; the key is the auth token, so a new token begins anew."""
    key = next(iter(settings.auth_tokens), "").encode()
    return hmac.new(key, f"caller {number}".encode(), hashlib.sha256).hexdigest()


def earlier_call(parts: Parts, mark: str | None, now: datetime) -> Earlier:
    """Return what a call that begins `now` may go on with; `mark` is its telephone's (None: its number is hidden)."""
    if mark is None:
        return Earlier()
    try:
        before = parts.store.latest_from(mark, now)
        return _to_go_on_with(parts, before, now) if before else Earlier()
    except VoicebotError as error:
        _log.error("earlier_call_not_found", code=error.code)
        return Earlier()


def _to_go_on_with(parts: Parts, before: CallRow, now: datetime) -> Earlier:
    if not _was_cut_off(before, now) or before.ruleset_sha256 != parts.snapshot.sha256:
        return Earlier()
    answers = left_open(parts.ruleset, [entry.message for entry in parts.store.load(before.call_id)])
    return Earlier() if answers is None else Earlier(before.call_id, answers)


def _was_cut_off(before: CallRow, now: datetime) -> bool:
    if before.ended_at is not None:
        return before.outcome is Outcome.HUNG_UP and now - before.ended_at <= WITHIN
    return DEAD_AFTER <= now - before.last_event_at <= WITHIN
