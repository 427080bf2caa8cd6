"""The server's end of a WebSocket against a client of another library, over a socket pair."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Thread

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage

from voicebot.telephony import stream_socket
from voicebot.telephony.stream_socket import SocketClosed, StreamSocket, accept

UPGRADE = {
    "HTTP_HOST": "line.example.org",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
}
SOON_S = 5.0


class Client:
    """The other side."""

    def __init__(self, sock):
        self.socket = sock
        sock.settimeout(SOON_S)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.request = self.protocol.send(Request(host="line.example.org", target="/media"))
        self.seen = []

    def environ(self):
        """Return what a WSGI server makes of the request."""
        lines = self.request.decode().split("\r\n")[1:]
        headers = dict(line.split(": ", 1) for line in lines if line)
        return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}

    def say(self, *events):
        self.socket.sendall(b"".join(self.protocol.send(event) for event in events))

    def next(self, kind):
        """Return the next event of a kind; others before it are kept in `seen`."""
        while True:
            for event in self.protocol.events():
                if isinstance(event, kind):
                    return event
                self.seen.append(event)
            self.protocol.receive_data(self.socket.recv(65536) or None)


@contextmanager
def connected(**options):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = Client(theirs)
        opened = accept(client.environ() | {"gunicorn.socket": ours}, **options)
        client.next(AcceptConnection)
        yield opened, client


def test_messages_come_in_order_however_they_were_cut():
    with connected() as (opened, client):
        client.say(
            TextMessage(data="one"),
            TextMessage(data="tw", message_finished=False),
            TextMessage(data="o"),
            BytesMessage(data=b"\x00"),
        )
        assert [opened.receive(SOON_S) for _ in range(3)] == ["one", "two", b"\x00"]
        assert opened.receive(0.01) is None


def test_all_that_came_is_taken_at_once_and_nothing_is_waited_for():
    with connected() as (opened, client):
        assert opened.take() == []
        client.say(TextMessage(data="one"), TextMessage(data="two"), CloseConnection(code=4000))
        assert opened.take() == ["one", "two"]
        with pytest.raises(SocketClosed):
            opened.take()


def test_a_frame_that_comes_byte_by_byte_is_a_message_when_it_is_whole():
    with connected() as (opened, client):
        for byte in client.protocol.send(TextMessage(data="é" * 100)):
            assert opened.take() == []
            client.socket.sendall(bytes([byte]))
        assert opened.take() == ["é" * 100]


def test_who_takes_nothing_is_left(monkeypatch):
    monkeypatch.setattr(stream_socket, "_SEND_S", 0.05)
    with connected() as (opened, _), pytest.raises(SocketClosed):
        opened.send("x" * 10_000_000)


def test_what_is_sent_arrives():
    with connected() as (opened, client):
        opened.send("word")
        assert client.next(TextMessage).data == "word"


def test_a_ping_is_answered():
    with connected() as (opened, client):
        client.say(Ping(payload=b"there?"))
        assert opened.receive(0.05) is None
        assert client.next(Pong).payload == b"there?"


def test_who_answers_pings_stays_and_who_does_not_is_left():
    with connected(ping_s=0.05) as (opened, client):
        client.say(Pong())
        assert opened.receive(0.07) is None
        client.say(client.next(Ping).response())
        with pytest.raises(SocketClosed):
            opened.receive(SOON_S)
        assert client.next(CloseConnection).code == 1008


@pytest.mark.parametrize("pieces", [1, 3])
def test_too_big_a_message_is_refused(pieces):
    with connected(largest=100) as (opened, client):
        client.say(
            *(TextMessage(data="x" * 60, message_finished=False) for _ in range(pieces)), TextMessage(data="x" * 60)
        )
        with pytest.raises(SocketClosed) as closed:
            opened.receive(SOON_S)
        assert closed.value.code == client.next(CloseConnection).code == 1009


def test_a_goodbye_is_answered_and_told():
    with connected() as (opened, client):
        client.say(TextMessage(data="last"), CloseConnection(code=4000))
        assert opened.receive(SOON_S) == "last"
        with pytest.raises(SocketClosed) as closed:
            opened.receive(SOON_S)
        assert closed.value.code == 4000
        assert client.next(CloseConnection).code == 4000
        with pytest.raises(SocketClosed):
            opened.send("too late")
        opened.close(1000)


def test_the_goodbye_arrives_although_the_other_side_goes_on_speaking():
    with connected() as (opened, client):
        client.say(*[TextMessage(data="sound")] * 50)
        closing = Thread(target=opened.close, args=(1000,))
        closing.start()
        goodbye = client.next(CloseConnection)
        client.say(goodbye.response())
        closing.join(SOON_S)
        assert goodbye.code == 1000
        assert not closing.is_alive()


@pytest.mark.parametrize("use", [lambda opened: opened.receive(SOON_S), lambda opened: opened.send("x" * 10_000_000)])
def test_a_connection_that_broke_is_told(use):
    with connected() as (opened, client):
        client.socket.close()
        with pytest.raises(SocketClosed) as closed:
            use(opened)
        assert closed.value.code == 1006


def test_noise_instead_of_frames_closes():
    with connected() as (opened, client):
        client.socket.sendall(b"\xff" * 100)
        with pytest.raises(SocketClosed):
            opened.receive(SOON_S)


@pytest.mark.parametrize("lacking", ["HTTP_UPGRADE", "HTTP_SEC_WEBSOCKET_KEY"])
def test_a_request_for_something_else_is_no_socket(lacking):
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(SocketClosed):
        accept({name: value for name, value in UPGRADE.items() if name != lacking} | {"werkzeug.socket": ours})


def test_the_handshake_is_that_of_the_standard():
    """The key and its answer stand in RFC 6455, section 1.3."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert isinstance(accept(UPGRADE | {"werkzeug.socket": ours}), StreamSocket)
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in theirs.recv(65536)
