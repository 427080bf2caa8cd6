"""One WebSocket to the server under test that never blocks: messages in and out. Knows nothing of calls.

The protocol is the library websockets' own, without its I/O, so that one thread can hold hundreds of sockets.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_S = 10.0
_TAKEN = 65536


class WireBroken(Exception):  # noqa: N818 - how some calls end
    """The connection is gone without a goodbye, or takes nothing more."""


class Wire:
    """An open connection."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        """Open a ws:// URL; blocks for the handshake. Raises WireBroken when it is refused."""
        parts = urlsplit(url)
        try:
            self.socket = socket.create_connection((parts.hostname or "", parts.port or 80), CONNECT_S)
        except OSError as error:
            raise WireBroken(type(error).__name__) from None
        self._protocol = ClientProtocol(parse_uri(url), max_size=None)
        try:
            self._shake_hands(headers)
        except (OSError, WireBroken) as error:
            self.socket.close()
            raise WireBroken(str(error)) from None
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def send(self, message: str) -> None:
        """Send a text message. Raises WireBroken, also when the server no longer reads what it is sent."""
        self._protocol.send_text(message.encode())
        self._flush()

    def receive(self) -> list[str]:
        """Return the messages that have arrived. Raises WireBroken when the connection is over, however it ended."""
        try:
            data = self.socket.recv(_TAKEN)
        except BlockingIOError:
            return []
        except OSError as error:
            raise WireBroken(type(error).__name__) from None
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._flush()
        return self._messages()

    @property
    def close_code(self) -> int | None:
        """The server's close code; None when it said no goodbye."""
        goodbye = self._protocol.close_rcvd
        return None if goodbye is None else int(goodbye.code)

    @property
    def is_open(self) -> bool:
        """Whether messages still come and go."""
        return self._protocol.state is State.OPEN

    def close(self) -> None:
        """Say goodbye, if that is still possible, and close."""
        try:
            if self.is_open:
                self._protocol.send_close(1000)
                self._flush()
        except WireBroken:
            pass
        finally:
            self.socket.close()

    def _messages(self) -> list[str]:
        return [
            event.data.decode()
            for event in self._protocol.events_received()
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT
        ]

    def _shake_hands(self, headers: Mapping[str, str]) -> None:
        request = self._protocol.connect()
        request.headers.update(headers)
        self._protocol.send_request(request)
        self.socket.sendall(b"".join(self._protocol.data_to_send()))
        while self._protocol.state is State.CONNECTING:
            data = self.socket.recv(_TAKEN)
            if not data:
                raise WireBroken("refused")
            self._protocol.receive_data(data)
        if self._protocol.handshake_exc:
            raise WireBroken(str(self._protocol.handshake_exc))
        self._protocol.events_received()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            try:
                sent = self.socket.send(data) if data else 0
            except OSError as error:
                raise WireBroken(type(error).__name__) from None
            if sent < len(data):
                raise WireBroken("the server does not read")
