"""Connect with a Stream: opens the media stream and tells its status callback.

Source: twilio.com/docs/voice/twiml/stream.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voicebot.simulate.carrier.call import Call, new_sid
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import Purpose
from voicebot.simulate.carrier.frames import StreamIds
from voicebot.simulate.carrier.stream import MediaStream
from voicebot.simulate.carrier.websocket import WebSocket

if TYPE_CHECKING:
    from voicebot.simulate.carrier.verbs import Stream

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def connect(stream: Stream, call: Call) -> None:
    """Stream until the stream is over, however it ends: a failure is noted, and the call goes on. Raises CallOver."""
    ids = StreamIds(call.form.account_sid, call.form.call_sid, new_sid("MZ"))
    try:
        with closing(_open(stream.url, call)) as socket:
            _tell(stream, call, ids, "stream-started")
            MediaStream(call.line, socket, ids, call.faults, call.chance).run(dict(stream.parameters))
    except CarrierError as failure:
        call.webhooks.failed(failure)
        _tell(stream, call, ids, "stream-error", failure.message)
    else:
        _tell(stream, call, ids, "stream-stopped")


def _open(url: str, call: Call) -> WebSocket:
    """Return the open socket. Raises CarrierError: 31920 for a URL that no stream may have, or a refused handshake."""
    parts = urlsplit(url)
    if parts.scheme != "wss" and not (parts.scheme == "ws" and parts.hostname in _LOOPBACK):
        raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "a stream's URL must be wss:// (ws:// only to this machine)")
    if parts.query:
        raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "a stream's URL may have no query string")
    if call.faults.refuse_stream:
        raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "the stream was refused on purpose")
    target = call.route.to(url)
    return WebSocket(target.url, {**call.signer.stream(url), **target.headers})


def _tell(stream: Stream, call: Call, ids: StreamIds, event: str, error: str = "") -> None:
    if not stream.status_callback:
        return
    form = {
        "AccountSid": ids.account_sid,
        "CallSid": ids.call_sid,
        "StreamSid": ids.stream_sid,
        "StreamName": stream.name or ids.stream_sid,
        "StreamEvent": event,
        "Timestamp": datetime.now(UTC).isoformat(),
    }
    call.webhooks.tell(stream.status_callback, Purpose.STREAM_STATUS, form | ({"StreamError": error} if error else {}))
