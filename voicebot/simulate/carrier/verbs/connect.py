"""Connect with a Stream: hands the call to a media stream until it ends, then goes on.

Sources: twilio.com/docs/voice/twiml/connect and .../stream. However the stream ended, its action comes next if there
is one, else the next verb. "When the Connect verb ends" is taken to mean that a caller who hangs up causes the action's
request too, as with Dial and Record; one who is taken elsewhere by a call update does not.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import Purpose
from voicebot.simulate.carrier.forms import new_sid
from voicebot.simulate.carrier.frames import StreamIds
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.media import MediaStream
from voicebot.simulate.carrier.verbs.stream import Stream
from voicebot.simulate.carrier.verbs.verb import Verb, method_of, names
from voicebot.simulate.carrier.websocket import WebSocket

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Connect(Verb):
    """Hand the call over."""

    attributes: ClassVar[frozenset[str]] = names("action method")

    stream: Stream
    action: str = ""
    """Empty: the verb that follows comes next."""
    method: str = "POST"

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element. Raises ValueError without a Stream."""
        stream = element.find("Stream")
        if stream is None:
            raise ValueError("<Connect> needs a <Stream>")
        return cls(Stream.read(stream), element.get("action", ""), method_of(element))

    def execute(self, call: Call, document: Document) -> Document | None:
        """Stream until it is over, and go on; a failure is noted, and the call goes on all the same."""
        try:
            self._stream(call, document)
        except CallOver:
            call.hung_up()
            with suppress(CallOver):
                self._follow(call, document)
            raise
        return self._follow(call, document)

    def _follow(self, call: Call, document: Document) -> Document | None:
        return call.fetch(document.resolve(self.action), method=self.method) if self.action else None

    def _stream(self, call: Call, document: Document) -> None:
        for name in self.stream.too_long:
            call.doubt(f"the Parameter {name} has 500 characters or more")
        ids = StreamIds(call.form.account_sid, call.form.call_sid, new_sid("MZ"))
        event, error = "stream-stopped", ""
        try:
            with closing(self._open(call, document)) as socket:
                self._report(call, ids, "stream-started")
                media = MediaStream(call.line, socket, ids, call.network, call.faults, call.chance)
                media.run(dict(self.stream.parameters))
        except CarrierError as failure:
            call.webhooks.failed(failure)
            event, error = "stream-error", failure.message
        finally:
            self._report(call, ids, event, error)

    def _open(self, call: Call, document: Document) -> WebSocket:
        """Return the open socket. Raises CarrierError for what no stream may have, or a handshake that failed."""
        url = self.stream.address(document)
        parts = urlsplit(url)
        if parts.scheme != "wss" and not (parts.scheme == "ws" and parts.hostname in _LOOPBACK):
            raise CarrierError(ErrorCode.STREAM_MALFORMED_URL, "a stream's URL must be wss:// (ws:// on this machine)")
        if parts.query:
            raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "a stream's URL may have no query string")
        if self.stream.track != "inbound_track":
            raise CarrierError(ErrorCode.STREAM_TRACK, "a bidirectional stream has the inbound track only")
        if call.faults.refuse_stream:
            raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "the stream was refused on purpose")
        target = call.route.to(url)
        return WebSocket(target.url, {**call.signer.stream(url), **target.headers})

    def _report(self, call: Call, ids: StreamIds, event: str, error: str = "") -> None:
        if not self.stream.status_callback:
            return
        form = {
            "AccountSid": ids.account_sid,
            "CallSid": ids.call_sid,
            "StreamSid": ids.stream_sid,
            "StreamName": self.stream.name or ids.stream_sid,
            "StreamEvent": event,
            "Timestamp": datetime.now(UTC).isoformat(),
            **({"StreamError": error} if error else {}),
        }
        call.tell(self.stream.status_callback, Purpose.STREAM_STATUS, self.stream.status_method, form)
