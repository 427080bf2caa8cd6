"""The server's end of a WebSocket, in the thread that answers it: text in, text out, pings. No meaning of a message.

The protocol is the library wsproto's. A library's server with a thread of its own for each socket hands every frame
from one thread to another, fifty times a second on every call: at a hundred calls that alone keeps a processor busy.
Source: RFC 6455.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from flask import Response
from typing_extensions import override
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage
from wsproto.utilities import ProtocolError

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
_RECEIVED = 65536


class SocketClosed(Exception):  # noqa: N818 - how every stream ends
    """The other side is gone; `code` is its close code, 1006 if it gave none."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class StreamSocket:
    """An open connection, for one thread."""

    def __init__(self, sock: socket.socket, *, ping_s: float = PING_S, largest: int = LARGEST_BYTES) -> None:
        """Take a connected socket on which the client has asked for a WebSocket; `shake_hands` opens it."""
        self._socket, self._ping_s, self._largest = sock, ping_s, largest
        self._connection = WSConnection(ConnectionType.SERVER)
        self._messages: deque[str | bytes] = deque()
        self._partial = bytearray()
        self._closed: int | None = None
        self._next_ping = time.monotonic() + ping_s
        self._answered = True

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
            if self._closed is not None:
                raise SocketClosed(self._closed)
            now = time.monotonic()
            if now >= self._next_ping:
                self._ping(now)
            elif now >= until:
                return None
            else:
                self._read(min(until, self._next_ping) - now)
        return self._messages.popleft()

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
                self._read(left)
                self._messages.clear()
        self._closed = code

    def _ping(self, now: float) -> None:
        if not self._answered:
            self.close(_NO_PONG)
            return
        self._answered, self._next_ping = False, now + self._ping_s
        self._write(Ping())

    def _read(self, timeout: float) -> None:
        self._socket.settimeout(max(timeout, 0.001))
        try:
            data = self._socket.recv(_RECEIVED)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self._closed = _NO_GOODBYE
            return
        try:
            self._connection.receive_data(data)
            for event in self._connection.events():
                self._heed(event)
        except ProtocolError:
            self._closed = _NO_GOODBYE

    def _heed(self, event: object) -> None:
        match event:
            case TextMessage() | BytesMessage() if self._closed is None:
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
        self._socket.settimeout(_SEND_S)
        try:
            self._socket.sendall(self._connection.send(event))
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
