"""What the pages show of a call, worked out of its row and its record before any HTML is made. No I/O here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.calls.record import CallRecord, read_record
from voicebot.dialog.events import Channel, Heard, KeyPressed, SecondThought
from voicebot.line import MAX_CALL_MS
from voicebot.web.conversation import confidence_in_words
from voicebot.web.wording import CHANNELS, OUTCOMES, URGENCIES, WEB_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.calls.entries import Entry
    from voicebot.storage.rows import CallRow


class Progress(StrEnum):
    """Whether a call goes on."""

    LIVE = "Live"
    OVER = "Over"
    BROKEN_OFF = "Broken off"
    """No end was stored, and it is too long ago for the call to be still going on."""


@dataclass(frozen=True, slots=True)
class CallSummary:
    """One call in a line."""

    call_id: str
    started_at: datetime
    """In the time zone of this machine."""
    length: str
    progress: Progress
    channel: str
    outcome: str
    urgency: int | None
    urgency_words: str
    answers: int
    """Utterances and keys of the caller."""
    lowest_confidence: str
    record: CallRecord

    @property
    def longest_gap(self) -> str:
        """The longest time from the end of the caller's speech to the end of the turn, in seconds."""
        gaps = self.record.turn_gaps_ms
        return f"{max(gaps) / 1000:.1f} s" if gaps else "none measured"


def summarize(row: CallRow, entries: Sequence[Entry], now: datetime) -> CallSummary:
    """Return the summary of a call; a record that ends without a status tells the outcome itself."""
    record = read_record(entries)
    messages = [entry.message for entry in entries]
    heard = [message.confidence for message in messages if isinstance(message, Heard)]
    outcome = row.outcome or record.outcome
    outcomes = WEB_OUTCOMES if row.channel is Channel.WEB else OUTCOMES
    urgency = record.urgency if row.urgency is None else row.urgency
    return CallSummary(
        call_id=row.call_id,
        started_at=row.started_at.astimezone(),
        length=minutes(record.duration_ms),
        progress=_progress(row, now),
        channel=CHANNELS[row.channel],
        outcome=outcomes[outcome] if outcome else "None yet",
        urgency=urgency,
        urgency_words="Not decided" if urgency is None else URGENCIES[urgency],
        answers=sum(isinstance(message, Heard | SecondThought | KeyPressed) for message in messages),
        lowest_confidence=confidence_in_words(min(heard)) if heard else "Nothing heard",
        record=record,
    )


def _progress(row: CallRow, now: datetime) -> Progress:
    if row.ended_at is not None:
        return Progress.OVER
    return Progress.LIVE if now - row.last_event_at < timedelta(milliseconds=MAX_CALL_MS) else Progress.BROKEN_OFF


def minutes(ms: int) -> str:
    """Return a time on the call's clock as minutes and seconds, `1:05`."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"
