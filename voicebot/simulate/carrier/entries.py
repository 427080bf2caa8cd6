"""What can happen on an emulated call, as values: each with the time of the call (ms). No behavior.

Holds no secret: tokens and numbers of callers are left out by whoever writes an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.caller import SaidKind
    from voicebot.simulate.carrier.codes import ErrorCode


class EndReason(StrEnum):
    """Why a call ended."""

    HANGUP_VERB = "hangup_verb"
    END_OF_DOCUMENT = "end_of_document"
    REJECTED = "rejected"
    CALLER_HUNG_UP = "caller_hung_up"
    """Whoever is on this leg hung up."""
    NOT_ANSWERED = "not_answered"
    """Nobody picked up: only legs that were dialed."""
    OTHER_LEG_OVER = "other_leg_over"
    """The leg that had dialed this one ended, or was taken elsewhere."""
    DIAL_OVER = "dial_over"
    """Its time was up, or the caller pressed the star to leave it: only legs that were dialed."""
    ENDED_BY_API = "ended_by_api"
    """A call update asked for it."""
    APPLICATION_ERROR = "application_error"
    """No usable TwiML and no usable fallback: the caller hears Twilio's own apology."""
    DOCUMENT_LOOP = "document_loop"
    """Documents that only lead to one another: the caller would hear nothing for ever."""
    TIME_LIMIT = "time_limit"


class MarkFate(StrEnum):
    """How a mark came back, or did not."""

    PLAYED = "played"
    CLEARED = "cleared"
    LOST = "lost"


class Purpose(StrEnum):
    """Why the emulator asked something of the server."""

    VOICE = "voice"
    """TwiML for the call."""
    FALLBACK = "fallback"
    STATUS = "status"
    STREAM_STATUS = "stream_status"
    RECORDING_STATUS = "recording_status"
    MEDIA = "media"
    """A sound to play."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something happened."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class Requested(Entry):
    """An HTTP request was answered, or failed (status None)."""

    purpose: Purpose
    method: str
    path: str
    params: Mapping[str, str]
    status: int | None
    took_ms: float
    """Milliseconds of real time, whatever the speed of the call."""


@dataclass(frozen=True, slots=True)
class Executed(Entry):
    """A TwiML verb began."""

    verb: str


@dataclass(frozen=True, slots=True)
class LineSaid(Entry):
    """The line says something (see caller.Said)."""

    name: str
    kind: SaidKind
    starts_ms: float
    ends_ms: float


@dataclass(frozen=True, slots=True)
class CallerSpoke(Entry):
    """The caller begins an utterance; `ends_ms` is behind its last loud sample."""

    ends_ms: float


@dataclass(frozen=True, slots=True)
class CallerPressed(Entry):
    """A key was pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class Replied(Entry):
    """The first byte of the prompt that follows an utterance, `gap_ms` after the utterance's end."""

    gap_ms: float


@dataclass(frozen=True, slots=True)
class StreamOpened(Entry):
    """A media stream began."""

    stream_sid: str


@dataclass(frozen=True, slots=True)
class StreamClosed(Entry):
    """A media stream is over."""


@dataclass(frozen=True, slots=True)
class MarkReturned(Entry):
    """A mark was reached, thrown away with the audio before it, or lost on purpose."""

    name: str
    fate: MarkFate


@dataclass(frozen=True, slots=True)
class Cleared(Entry):
    """The server threw away what was not yet heard."""


@dataclass(frozen=True, slots=True)
class Recorded(Entry):
    """A recording was made."""

    recording_sid: str
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Dialed(Entry):
    """Somebody was rung up; `status` is the DialCallStatus, `bridged` whether both sides could speak."""

    number: str
    status: str
    bridged: bool


@dataclass(frozen=True, slots=True)
class Updated(Entry):
    """A call update took the call elsewhere; `change` is the parameter that said where to, Url or Twiml."""

    change: str


@dataclass(frozen=True, slots=True)
class Failed(Entry):
    """Twilio's debugger would show this."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class Doubted(Entry):
    """The server relies on something that Twilio's documentation does not promise, or the emulator does not do."""

    message: str


@dataclass(frozen=True, slots=True)
class Ended(Entry):
    """The call is over."""

    reason: EndReason
