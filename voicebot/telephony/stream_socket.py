"""The server's end of a WebSocket that belongs to no thread: text in, text out, pings. No meaning of a message.

The protocol is the library wsproto's, save for the frames that sound comes in (`quick_text`): to take these apart took
it six times as long. Source: RFC 6455.
"""

from __future__ import annotations

import contextlib
import select
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from flask import Response
from typing_extensions import override
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage
from wsproto.utilities import ProtocolError

from voicebot.telephony.quick_text import frame_length, text_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Mapping

PING_S = 10.0
LARGEST_BYTES = 256 * 1024
"""More than the stream allows (telephony.frames), so that the refusal is ours and is written down."""
_TOO_BIG, _NO_PONG, _NO_GOODBYE = 1009, 1008, 1006
_SEND_S = 5.0
"""A peer that takes nothing for so long is gone."""
_GOODBYE_S = 1.0
_AT_ONCE = 65536
"""So many bytes are read at once, and frames that are longer are left to the library."""


class SocketClosed(Exception):  # noqa: N818 - how every stream ends
    """The other side is gone; `code` is its close code, 1006 if it gave none."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class StreamSocket:
    """An open connection, for one thread at a time."""

    def __init__(self, sock: socket.socket, *, ping_s: float = PING_S, largest: int = LARGEST_BYTES) -> None:
        """Take a connected socket on which the client has asked for a WebSocket; `shake_hands` opens it."""
        self._socket, self._ping_s, self._largest = sock, ping_s, largest
        sock.setblocking(False)
        self._connection = WSConnection(ConnectionType.SERVER)
        self._received = bytearray()
        self._library_bytes = 0
        """So much of what comes next belongs to a frame of which the library has the beginning."""
        self._messages: deque[str | bytes] = deque()
        self._partial = bytearray()
        self._fragmented = False
        self._closed: int | None = None
        self._next_ping = time.monotonic() + ping_s
        self._answered = True

    def fileno(self) -> int:
        """Return the socket's descriptor, for whoever waits until there is something to read."""
        return self._socket.fileno()

    def shake_hands(self, headers: Iterable[tuple[str, str]]) -> None:
        """Accept the request that had these `headers`. Raises SocketClosed when it was none for a WebSocket."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        with contextlib.suppress(ProtocolError):
            self._connection.receive_data(f"GET / HTTP/1.1\r\n{lines}\r\n".encode("latin-1"))
            for event in self._connection.events():
                if isinstance(event, Request):
                    self._write(AcceptConnection())
                    return
        raise SocketClosed(_NO_GOODBYE)

    def receive(self, timeout: float) -> str | bytes | None:
        """Return the next message, or None when none came for `timeout` seconds. Raises SocketClosed."""
        until = time.monotonic() + timeout
        while not self._messages:
            self._look()
            now = time.monotonic()
            if now >= until:
                break
            if not self._messages and self._closed is None:
                self._wait(select.POLLIN, min(until, self._next_ping) - now)
        return self._messages.popleft() if self._messages else None

    def take(self) -> list[str | bytes]:
        """Return the messages that have come, without waiting for one. Raises SocketClosed when no more will come.

        To be called now and then also when nothing comes, as it sees to the pings.
        """
        self._look()
        taken = list(self._messages)
        self._messages.clear()
        return taken

    def send(self, message: str) -> None:
        """Send a text message. Raises SocketClosed."""
        if self._closed is not None:
            raise SocketClosed(self._closed)
        self._write(TextMessage(data=message))

    def close(self, code: int) -> None:
        """Say goodbye, unless it was said already, and wait a moment for the other side to do so too.

        It goes on sending sound meanwhile; closed with that unread, the connection would be reset and the goodbye lost.
        """
        if self._closed is not None:
            return
        until = time.monotonic() + _GOODBYE_S
        with contextlib.suppress(SocketClosed, ProtocolError):
            self._write(CloseConnection(code=code))
            while self._closed is None and (left := until - time.monotonic()) > 0:
                self._wait(select.POLLIN, left)
                self._read()
                self._messages.clear()
        self._closed = code

    def _look(self) -> None:
        if self._closed is not None and not self._messages:
            raise SocketClosed(self._closed)
        if (now := time.monotonic()) >= self._next_ping:
            self._ping(now)
        if self._closed is None:
            self._read()

    def _ping(self, now: float) -> None:
        if not self._answered:
            self.close(_NO_PONG)
            return
        self._answered, self._next_ping = False, now + self._ping_s
        self._write(Ping())

    def _wait(self, event: int, timeout: float) -> None:
        """Wait until the socket can be read (POLLIN) or written (POLLOUT), at most so many seconds."""
        poll = select.poll()
        poll.register(self._socket, event)
        poll.poll(max(1.0, timeout * 1000))

    def _read(self) -> None:
        """Take what has come, if anything."""
        try:
            data = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._closed = _NO_GOODBYE
            return
        self._received += data
        try:
            while self._received and self._closed is None and self._next_frame():
                pass
        except ProtocolError:
            self._closed = _NO_GOODBYE

    def _next_frame(self) -> bool:
        """Take the next frame, or so much of it as there is; False when more must come first."""
        if not self._library_bytes:
            length = frame_length(self._received)
            if length is None or len(self._received) < length <= _AT_ONCE:
                return False
            whole = not self._fragmented and length <= min(_AT_ONCE, self._largest)
            if whole and (text := text_of(bytes(self._received[:length]))) is not None:
                del self._received[:length]
                self._messages.append(text)
                return True
            self._library_bytes = length
        piece = bytes(self._received[: self._library_bytes])
        del self._received[: len(piece)]
        self._library_bytes -= len(piece)
        self._connection.receive_data(piece)
        for event in self._connection.events():
            self._heed(event)
        return True

    def _heed(self, event: object) -> None:
        match event:
            case TextMessage() | BytesMessage() if self._closed is None:
                self._fragmented = not event.message_finished
                self._gather(event.data, finished=event.message_finished)
            case Ping():
                self._write(event.response())
            case Pong():
                self._answered = True
            case CloseConnection():
                with contextlib.suppress(SocketClosed, ProtocolError):
                    self._write(event.response())
                self._closed = event.code

    def _gather(self, piece: str | bytearray | bytes, *, finished: bool) -> None:
        if finished and not self._partial and len(piece) <= self._largest:
            self._messages.append(piece if isinstance(piece, str) else bytes(piece))
            return
        self._partial += piece.encode() if isinstance(piece, str) else piece
        if len(self._partial) > self._largest:
            self.close(_TOO_BIG)
        elif finished:
            self._messages.append(self._partial.decode() if isinstance(piece, str) else bytes(self._partial))
            self._partial.clear()

    def _write(self, event: Any) -> None:
        data = memoryview(self._connection.send(event))
        until = time.monotonic() + _SEND_S
        try:
            while data:
                try:
                    data = data[self._socket.send(data) :]
                except BlockingIOError:
                    if (left := until - time.monotonic()) <= 0:
                        raise
                    self._wait(select.POLLOUT, left)
        except OSError:
            self._closed = self._closed or _NO_GOODBYE
            raise SocketClosed(self._closed) from None


def accept(environ: Mapping[str, Any], *, ping_s: float = PING_S, largest: int = LARGEST_BYTES) -> StreamSocket:
    """Return the open socket of a WSGI request for a WebSocket, as gunicorn or werkzeug hands it over.

    Raises SocketClosed when the request was none for a WebSocket, KeyError when the server hands over no socket.
    """
    sock = environ.get("gunicorn.socket") or environ["werkzeug.socket"]
    opened = StreamSocket(sock, ping_s=ping_s, largest=largest)
    sent = ((name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_"))
    opened.shake_hands(sent)
    return opened


class Taken(Response):
    """What is answered to a request whose socket was used for something else than HTTP: nothing."""

    @override
    def __call__(self, environ: Any, start_response: Any) -> Any:
        if "gunicorn.socket" in environ:
            raise StopIteration  # gunicorn's word for: the connection is done with, write nothing
        return super().__call__(environ, start_response)
