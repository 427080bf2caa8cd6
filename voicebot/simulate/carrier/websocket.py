"""A WebSocket client that blocks: wsproto's protocol over one socket, one thread, no thread of its own.

simple-websocket's client starts a thread for every connection and leaves its socket open when a server refuses it; an
emulator of many calls, half of them refused on purpose, can afford neither.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT_S = 5.0
_SEND_S = 5.0
_CLOSE_S = 0.5


class ServerClosed(Exception):  # noqa: N818 -- how most streams end
    """The server ended the connection; `code` is its WebSocket close code, 1006 if there was none."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WebSocket:
    """An open connection."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        """Open a ws:// or wss:// URL.

        Raises CarrierError: 31901 if it takes over 5 s, 31902 if nobody listens, 31920 if the handshake fails.
        """
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        host = parts.hostname or ""
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._messages: deque[str | bytes] = deque()
        self._partial = bytearray()
        self._close_code: int | None = None
        try:
            self._socket = socket.create_connection((host, parts.port or (443 if secure else 80)), _CONNECT_S)
            try:
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if secure:
                    self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
                self._shake_hands(Request(host=parts.netloc, target=parts.path or "/", extra_headers=_encoded(headers)))
            except BaseException:
                self._socket.close()
                raise
        except TimeoutError:
            raise CarrierError(ErrorCode.STREAM_CONNECT_TIMEOUT, "the stream's server did not answer") from None
        except ConnectionRefusedError:
            raise CarrierError(ErrorCode.STREAM_REFUSED, "nobody listens at the stream's address") from None
        except (OSError, ProtocolError):
            raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "the stream's server cannot be reached") from None

    def send(self, frame: str | bytes) -> None:
        """Send a text or binary message. Raises ServerClosed."""
        if self._close_code is not None:
            raise ServerClosed(self._close_code)
        event = TextMessage(data=frame) if isinstance(frame, str) else BytesMessage(data=frame)
        try:
            self._write(event)
        except OSError:
            self._close_code = self._close_code or 1006
            raise ServerClosed(self._close_code) from None

    def receive(self, timeout_s: float) -> str | bytes | None:
        """Return the next message, or None if there is none for `timeout_s`. Raises ServerClosed."""
        deadline = time.monotonic() + timeout_s
        while not self._messages:
            if self._close_code is not None:
                raise ServerClosed(self._close_code)
            self._read(max(0.0, deadline - time.monotonic()))
            if not self._messages and self._close_code is None and time.monotonic() >= deadline:
                return None
        return self._messages.popleft()

    def close(self, code: int = 1000) -> None:
        """Say goodbye, wait up to half a second for the server to do so too, and close."""
        with contextlib.suppress(OSError, ServerClosed):
            if self._close_code is None:
                self._write(CloseConnection(code=code))
                self._socket.shutdown(socket.SHUT_WR)
                deadline = time.monotonic() + _CLOSE_S
                while self._close_code is None and time.monotonic() < deadline:
                    self._read(_CLOSE_S)
        self._close_code = self._close_code or code
        self._socket.close()

    def cut(self) -> None:
        """Close without a goodbye, as a failing network would."""
        self._socket.close()
        self._close_code = 1006

    def _shake_hands(self, request: Request) -> None:
        self._socket.sendall(self._connection.send(request))
        while True:
            self._connection.receive_data(self._socket.recv(65536) or None)
            for event in self._connection.events():
                match event:
                    case AcceptConnection():
                        self._take_in()  # a server may speak in the same breath
                        return
                    case RejectConnection() | RejectData():
                        raise CarrierError(ErrorCode.STREAM_HANDSHAKE, "the stream's server refused the handshake")

    def _read(self, timeout_s: float) -> None:
        """Take in what the server sent, waiting for it no longer than `timeout_s`."""
        self._socket.settimeout(timeout_s)
        try:
            data = self._socket.recv(65536)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            data = b""
        if not data:
            self._close_code = self._close_code or 1006
            return
        self._connection.receive_data(data)
        self._take_in()

    def _take_in(self) -> None:
        """Act on what has arrived."""
        for event in self._connection.events():
            match event:
                case TextMessage() | BytesMessage():
                    self._gather(event.data, finished=event.message_finished)
                case Ping():
                    self._write(event.response())
                case CloseConnection():
                    self._close_code = event.code
                    with contextlib.suppress(OSError, ProtocolError):
                        self._write(event.response())

    def _gather(self, piece: str | bytearray | bytes, *, finished: bool) -> None:
        self._partial += piece.encode() if isinstance(piece, str) else piece
        if finished:
            self._messages.append(self._partial.decode() if isinstance(piece, str) else bytes(self._partial))
            self._partial.clear()

    def _write(self, event: Event) -> None:
        self._socket.settimeout(_SEND_S)
        self._socket.sendall(self._connection.send(event))


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
