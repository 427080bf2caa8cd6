"""The media stream over a real socket on loopback: refusals, close codes, pings."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager

import pytest
import simple_websocket
from flask import Flask
from werkzeug.serving import make_server

from tests.telephony.conftest import TOKEN, WRONG_TOKEN, tags
from tests.telephony.wire import CONNECTED, frame, key, sound, start
from voicebot.dialog.events import Played
from voicebot.telephony import watchdog
from voicebot.telephony.frames import MAX_FRAME_CHARS, CloseCode
from voicebot.telephony.media import register_media
from voicebot.telephony.signature import HEADER, sign

PING_S = 0.5
"""A busy machine answers a ping in that time, too."""
FRAME_S = 0.02


@contextmanager
def served(parts, **options):
    """Serve the media stream on loopback; yields the port, and waits at the end until every stream is put away."""
    app = application(parts, **options)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def application(parts, **options):
    app = Flask(__name__)
    register_media(app, parts, **options)
    return app


def dial_in(port):
    signature = sign(TOKEN, "wss://line.example.org/media")
    return simple_websocket.Client.connect(f"ws://127.0.0.1:{port}/media", headers={HEADER: signature})


def close_code_of(client, answer=lambda _message: None):
    """Return the code the server closes with, after `answer` took every message before."""
    try:
        while (received := client.receive(timeout=5)) is not None:
            answer(json.loads(received))
    except simple_websocket.ConnectionClosed as closed:
        return closed.reason
    return None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: sign(WRONG_TOKEN, "wss://line.example.org/media")},
        {HEADER: sign(TOKEN, "https://line.example.org/media")},
        {HEADER: sign(TOKEN, "wss://elsewhere.example.org/media")},
    ],
    ids=["unsigned", "wrong token", "not as a socket", "another address"],
)
def test_an_upgrade_that_was_not_signed_is_refused(streaming, headers):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    client = application(streaming.parts).test_client()
    assert client.get("/media", headers=upgrade | headers).status_code == 403


@pytest.mark.parametrize(
    ("sent", "close_code", "reason"),
    [
        (sound(10_000), CloseCode.TOO_BIG, "frame_too_big"),
        ("{", CloseCode.GARBLED, "frame_garbled"),
        (b"\xff", CloseCode.UNSUPPORTED, "frame_binary"),
    ],
    ids=["100 kB", "garbled", "binary"],
)
def test_a_bad_frame_closes_the_real_socket_with_its_code(streaming, sent, close_code, reason):
    streaming.post("/voice/incoming")
    with served(streaming.parts) as port:
        client = dial_in(port)
        client.send(start(streaming.call().stream_token))
        assert json.loads(client.receive(timeout=5))["event"] == "media"
        client.send(sent)
        assert close_code_of(client) == close_code
    assert streaming.events()[-1].reason == reason


def test_a_frame_beyond_the_limit_of_the_server_closes_the_real_socket_too(streaming, monkeypatch):
    monkeypatch.setattr(watchdog, "WINDOW_S", 0.3)
    streaming.post("/voice/incoming")
    with served(streaming.parts, largest=MAX_FRAME_CHARS) as port:
        client = dial_in(port)
        client.send(start(streaming.call().stream_token))
        client.send(sound(10_000))
        assert close_code_of(client) == CloseCode.TOO_BIG
    assert tags(streaming.post("/voice/resume")) == ["Gather", "Redirect"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # a ping as the socket closes
def test_a_call_over_a_real_socket_survives_pings_and_ends_with_the_last_mark(streaming):
    streaming.post("/voice/incoming")
    with served(streaming.parts, ping_s=PING_S) as port:
        client = dial_in(port)
        client.send(CONNECTED)
        client.send(start(streaming.call().stream_token))
        pause = threading.Event()
        for _ in range(round(2.5 * PING_S / FRAME_S)):
            client.send(sound())
            pause.wait(FRAME_S)
        client.send(key("0"))

        def echo(message):
            if message["event"] == "mark":
                client.send(frame("mark", name=message["mark"]["name"]))

        assert close_code_of(client, echo) == CloseCode.NORMAL
    assert isinstance(streaming.events()[-1], Played)
    assert tags(streaming.post("/voice/resume")) == ["Dial"]
