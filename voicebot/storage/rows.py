"""What the store hands out: frozen rows, no behavior and no database in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.calls.outcome import Outcome
    from voicebot.dialog.effects import PageReason, PreferredTime
    from voicebot.dialog.events import Channel


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call, without its record. Holds no telephone number."""

    call_id: str
    """Our own random id."""
    call_sid: str | None
    """The carrier's id; of a visit to the web form the hash of its browser's secret; None for all others."""
    channel: Channel
    """How the call came in."""
    started_at: datetime
    """UTC."""
    last_event_at: datetime
    """UTC; when the newest stored event happened."""
    ruleset_sha256: str
    stream_token: str = field(repr=False)
    """Opens the media stream, once."""
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    """How the call ended; None while it runs."""
    urgency: int | None = None
    """0..5; None when the rules never decided."""


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """Somebody to be called back."""

    call_id: str
    asked_at: datetime
    """UTC."""
    preferred: PreferredTime
    number: str | None = field(default=None, repr=False)
    """The caller's; None while the carrier has not told it, and once the call back is done."""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page to staff: a call that somebody must look at now. Holds no word of the caller and no number."""

    page_id: str
    """The call's id and the place of the page in its record."""
    call_id: str
    reason: PageReason
    at: datetime
    """UTC; when it was raised."""
    sent_at: datetime | None = None
    """UTC; when the pager's address took it. None while it is still to be sent, or when there is no such address."""
    acknowledged_by: str | None = None
    """The member of staff who has seen to it; None while it is open."""
    acknowledged_at: datetime | None = None


class Side(StrEnum):
    """Whose voice a sound file holds."""

    CALLER = "caller"
    LINE = "line"
    PLACE = "place"
    """The caller, saying where they are: kept by a consent of its own, for those who send help."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """One recorded sound file: mu-law WAV, 8000 Hz, mono."""

    name: str
    """File name in the audio folder."""
    call_id: str
    side: Side
    starts_at_ms: int
    """Where the sound begins on the call's clock."""
    ms: int
    sha256: str
