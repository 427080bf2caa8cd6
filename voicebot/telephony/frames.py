"""The media stream's frames: text in, frozen messages out, and the other way round. No socket, no clock, no state.

JSON text frames as in Twilio's "Media Streams - WebSocket messages". What a message means never belongs here.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from voicebot.errors import VoicebotError

MAX_FRAME_CHARS = 65_536
"""A frame of 20 ms has about 300 characters; nothing the carrier sends comes near this."""

_KEYS = frozenset("0123456789*#ABCD")
_MOST_DIGITS = 12
"""Of a timestamp: thirty years in milliseconds."""


class CloseCode(IntEnum):
    """Why a socket is closed (RFC 6455, section 7.4.1)."""

    NORMAL = 1000
    UNSUPPORTED = 1003
    """A binary frame."""
    GARBLED = 1007
    POLICY = 1008
    """Not signed, a wrong token, or a frame of another stream."""
    TOO_BIG = 1009
    OUR_FAULT = 1011


class FrameError(VoicebotError):
    """A frame that cannot be taken; the socket is to be closed with `close_code`."""

    def __init__(self, code: str, message: str, close_code: CloseCode) -> None:
        super().__init__(code, message)
        self.close_code = close_code


@dataclass(frozen=True, slots=True)
class Connected:
    """The first frame, before it is known which call this is."""


@dataclass(frozen=True, slots=True)
class Start:
    """Which call this is; sound follows."""

    stream_sid: str
    call_sid: str
    parameters: dict[str, str]
    """The `<Parameter>` elements of the TwiML."""


@dataclass(frozen=True, slots=True)
class Media:
    """Sound from the caller."""

    audio: bytes
    """Mu-law, 8000 Hz, usually 160 bytes (20 ms)."""
    stamp_ms: int | None = None
    """When it began, on a clock of the stream's own that wavers by a few ms; None when it is not told."""


@dataclass(frozen=True, slots=True)
class Dtmf:
    """The caller pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The sound before this mark was played, or taken back by a clear."""

    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The carrier ends the stream: the caller hung up, or the call goes on without it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event this version does not know, to be ignored."""


Message = Connected | Start | Media | Dtmf | Mark | Stop | Unknown

_KNOWN = frozenset({"connected", "start", "media", "dtmf", "mark", "stop"})


def decode(frame: str | bytes, stream_sid: str | None) -> Message:
    """Return the message of a received frame; `stream_sid` is None until Start came.

    Raises FrameError: `frame_binary`, `frame_too_big`, `frame_garbled`, or `frame_of_other_stream`.
    """
    if isinstance(frame, bytes):
        raise FrameError("frame_binary", "The media stream sent a binary frame.", CloseCode.UNSUPPORTED)
    if len(frame) > MAX_FRAME_CHARS:
        raise FrameError("frame_too_big", "The media stream sent too big a frame.", CloseCode.TOO_BIG)
    try:
        value = json.loads(frame)
        message = _message(value)
    except (ValueError, RecursionError):
        raise FrameError("frame_garbled", "The media stream sent a garbled frame.", CloseCode.GARBLED) from None
    first = isinstance(message, Connected) or (isinstance(message, Start) and stream_sid is None)
    if not (first or isinstance(message, Unknown) or value.get("streamSid") == stream_sid is not None):
        raise FrameError("frame_of_other_stream", "The media stream sent a frame of another stream.", CloseCode.POLICY)
    return message


def _message(value: Any) -> Message:
    """Return the message that the JSON `value` describes; raises ValueError when it has not the shape it must have."""
    match value:
        case {"event": "media", "media": {"payload": str(payload)}}:
            return Media(b64decode(payload, validate=True), _stamp_ms(value["media"].get("timestamp")))
        case {"event": "connected"}:
            return Connected()
        case {"event": "start", "streamSid": str(stream_sid), "start": {"callSid": str(call_sid), **start}}:
            return Start(stream_sid, call_sid, _parameters(start.get("customParameters", {})))
        case {"event": "dtmf", "dtmf": {"digit": str(key)}} if key in _KEYS:
            return Dtmf(key)
        case {"event": "mark", "mark": {"name": str(name)}}:
            return Mark(name)
        case {"event": "stop"}:
            return Stop()
        case {"event": str(event)} if event not in _KNOWN:
            return Unknown()
    raise ValueError


def _stamp_ms(value: Any) -> int | None:
    """Return a timestamp, which comes as a string of digits; anything else is none, and no reason to end a stream."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def _parameters(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(parameter, str) for parameter in value.values()):
        raise ValueError
    return value


def media(stream_sid: str, audio: bytes) -> str:
    """Return the frame that plays `audio` (mu-law, 8000 Hz, no header)."""
    return _frame("media", stream_sid, {"payload": b64encode(audio).decode()})


def mark(stream_sid: str, name: str) -> str:
    """Return the frame that comes back once the sound before it was played."""
    return _frame("mark", stream_sid, {"name": name})


def clear(stream_sid: str) -> str:
    """Return the frame that takes back all sound not yet played; pending marks come back at once."""
    return _frame("clear", stream_sid)


def _frame(event: str, stream_sid: str, content: dict[str, str] | None = None) -> str:
    return json.dumps({"event": event, "streamSid": stream_sid} | ({event: content} if content else {}))
