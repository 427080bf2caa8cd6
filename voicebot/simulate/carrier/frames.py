"""The messages of a media stream, without any I/O: builds what Twilio sends, checks what a server sends.

Shapes as in Twilio's "Media Streams - WebSocket Messages" (twilio.com/docs/voice/media-streams/websocket-messages):
sequence numbers, chunks and timestamps are strings, rates and channels are numbers. What is refused with which code:
twilio.com/docs/api/errors/31950 and 31951.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.simulate.carrier.audio import SAMPLE_RATE
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class StreamIds:
    """Whose stream it is."""

    account_sid: str
    call_sid: str
    stream_sid: str


class Sender:
    """Builds a stream's messages in order: numbers them and stamps the frames."""

    def __init__(self, ids: StreamIds, first_timestamp_ms: int) -> None:
        self._ids = ids
        self._first_ms = first_timestamp_ms
        self._sequence = 0
        self._chunk = 0

    @staticmethod
    def connected() -> str:
        """Return the first message of all, which has neither stream id nor number."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        """Return the message that describes the stream; `parameters` are those nested in the Stream noun."""
        return self._message(
            "start",
            {
                "accountSid": self._ids.account_sid,
                "streamSid": self._ids.stream_sid,
                "callSid": self._ids.call_sid,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": SAMPLE_RATE, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, audio: bytes, at_ms: float) -> str:
        """Return a frame of the caller's audio, stamped with the time at which it began, `at_ms` of the stream."""
        timestamp = self._first_ms + round(at_ms)
        self._chunk += 1
        payload = base64.b64encode(audio).decode()
        return self._message(
            "media",
            {"track": "inbound", "chunk": str(self._chunk), "timestamp": str(timestamp), "payload": payload},
        )

    def dtmf(self, digit: str) -> str:
        """Return the message that a key was pressed."""
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        """Return the echo of a mark."""
        return self._message("mark", {"name": name})

    def stop(self) -> str:
        """Return the last message."""
        return self._message("stop", {"accountSid": self._ids.account_sid, "callSid": self._ids.call_sid})

    def _message(self, event: str, body: dict[str, Any]) -> str:
        self._sequence += 1
        return json.dumps(
            {"event": event, "sequenceNumber": str(self._sequence), "streamSid": self._ids.stream_sid, event: body}
        )


@dataclass(frozen=True, slots=True)
class Media:
    """Audio for the caller."""

    audio: bytes
    """Mu-law, 8000 Hz."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Tell when all audio before this was heard."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Forget all audio that was not yet heard."""


def read(frame: str | bytes, stream_sid: str) -> Media | Mark | Clear:
    """Return the message that a server sent on a bidirectional stream.

    Raises CarrierError: 31950 for a binary frame, 31951 for one that is no JSON object, an unknown event, a missing or
    further field, a field of the wrong type, or another stream's id.
    """
    if isinstance(frame, bytes):
        raise CarrierError(ErrorCode.STREAM_MALFORMED, "a binary frame")
    try:
        message = json.loads(frame)
    except ValueError:
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, "a frame that is no JSON") from None
    if not isinstance(message, dict):
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, "a frame that is no JSON object")
    match message.get("event"):
        case "media":
            _only(message, "event", "streamSid", "media")
            result: Media | Mark | Clear = Media(_payload(_field(message["media"], "payload")))
        case "mark":
            _only(message, "event", "streamSid", "mark")
            result = Mark(_field(message["mark"], "name"))
        case "clear":
            _only(message, "event", "streamSid")
            result = Clear()
        case _:
            raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, "an event that a server may not send")
    if message["streamSid"] != stream_sid:
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, "a message with another stream's id")
    return result


def _only(message: Mapping[str, Any], *names: str) -> None:
    if set(message) != set(names):
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, f"a message that needs the fields {', '.join(names)}")


def _field(body: Any, name: str) -> str:
    """Return the one text field of a message's body."""
    if not isinstance(body, dict) or set(body) != {name} or not isinstance(body[name], str):
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, f"a body that needs the one text field {name}")
    text: str = body[name]
    return text


def _payload(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise CarrierError(ErrorCode.STREAM_INVALID_MESSAGE, "a payload that is no base64") from None
