"""The socket of a media stream, as RFC 6455 wants it. Sources: errors 31901, 31920 (twilio.com/docs/api/errors)."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, RejectConnection, Request, TextMessage

from voicebot.simulate.carrier import websocket
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.websocket import ServerClosed, WebSocket

ANSWER_S = 5


class Peer:
    """The server's end of one connection, message by message."""

    def __init__(self, connected):
        self._socket = connected
        self._connection = WSConnection(ConnectionType.SERVER)
        self._arrived = []

    def send(self, event):
        self._socket.sendall(self._connection.send(event))

    def send_raw(self, data):
        self._socket.sendall(data)

    def until(self, kind):
        """Return the next event of that kind."""
        while True:
            while self._arrived:
                if isinstance(event := self._arrived.pop(0), kind):
                    return event
            data = self._socket.recv(4096)
            assert data, f"the caller's side is gone before a {kind.__name__}"
            self._connection.receive_data(data)
            self._arrived = list(self._connection.events())

    def cut(self):
        self._socket.close()


@contextmanager
def serving(script):
    """Yield the URL of a server that does `script` on its one connection."""

    def serve():
        connected, _ = listener.accept()
        with connected:
            peer = Peer(connected)
            peer.until(Request)
            script(peer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}/media"
        finally:
            thread.join(ANSWER_S)
        assert not thread.is_alive()


def test_a_ping_is_answered_and_is_no_message():
    answered = []

    def script(peer):
        peer.send(AcceptConnection())
        peer.send(Ping(b"there?"))
        peer.send(TextMessage("hello"))
        answered.append(bytes(peer.until(Pong).payload))

    with serving(script) as url, closing(WebSocket(url, {})) as stream:
        assert stream.receive(ANSWER_S) == "hello"
    assert answered == [b"there?"]


def test_a_message_in_pieces_is_one_message():
    def script(peer):
        peer.send(AcceptConnection())
        peer.send(TextMessage("one ", message_finished=False))
        peer.send(TextMessage("message"))
        peer.until(CloseConnection)

    with serving(script) as url, closing(WebSocket(url, {})) as stream:
        assert stream.receive(ANSWER_S) == "one message"
        assert stream.receive(0.01) is None


@pytest.mark.parametrize("says_why", [True, False])
def test_when_the_server_ends_it_the_code_is_told_from_then_on(says_why):
    def script(peer):
        peer.send(AcceptConnection())
        if says_why:
            peer.send(CloseConnection(code=1011))
            peer.until(CloseConnection)
        peer.cut()

    with serving(script) as url, closing(WebSocket(url, {})) as stream:
        for use in (lambda: stream.receive(ANSWER_S), lambda: stream.send("too late")):
            with pytest.raises(ServerClosed) as closed:
                use()
            assert closed.value.code == (1011 if says_why else 1006)


def test_what_came_before_the_end_is_not_lost():
    def script(peer):
        peer.send(AcceptConnection())
        peer.send(TextMessage("last words"))
        peer.send(CloseConnection(code=1000))
        peer.until(CloseConnection)

    with serving(script) as url, closing(WebSocket(url, {})) as stream:
        assert stream.receive(ANSWER_S) == "last words"
        with pytest.raises(ServerClosed):
            stream.receive(ANSWER_S)


@pytest.mark.parametrize(
    "script",
    [
        lambda peer: peer.send(RejectConnection(status_code=403)),
        lambda peer: peer.send_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        lambda peer: peer.send_raw(b"what?\r\n\r\n"),
        Peer.cut,
    ],
    ids=["refused", "a page", "no HTTP", "nothing"],
)
def test_a_handshake_that_is_not_answered_as_one_has_failed(script):
    with serving(script) as url, pytest.raises(CarrierError) as failed:
        WebSocket(url, {})
    assert failed.value.code is ErrorCode.STREAM_HANDSHAKE


def test_a_server_that_never_answers_the_handshake_has_failed(monkeypatch):
    monkeypatch.setattr(websocket, "_CONNECT_S", 0.05)
    gone = threading.Event()
    with serving(lambda _: gone.wait(ANSWER_S)) as url:
        with pytest.raises(CarrierError) as failed:
            WebSocket(url, {})
        gone.set()
    assert failed.value.code is ErrorCode.STREAM_CONNECT_TIMEOUT
