"""A scripted server and a scripted caller, to prove the emulator's rules against something that is not our own line."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed
from werkzeug.serving import make_server

from voicebot.simulate.carrier.audio import BYTES_PER_MS, to_wav

if TYPE_CHECKING:
    from voicebot.simulate.carrier import Action, Said

Answer = str | tuple[str, int] | Response | Callable[[dict[str, str]], "Answer"]
LOUD = b"\x10"
"""A mu-law sample of speech, as far as an energy detector can tell."""


def loud(length_ms: int) -> bytes:
    return LOUD * (length_ms * BYTES_PER_MS)


@dataclass(frozen=True)
class Seen:
    """A request as the server got it."""

    path: str
    form: dict[str, str]
    headers: dict[str, str]
    url: str


@dataclass
class Socket:
    """The server's end of a media stream."""

    socket: object
    sid: str = ""
    got: list[dict] = field(default_factory=list)
    closed: int | None = None

    def receive(self) -> dict | None:
        """Return the next message, None when the caller's side is gone."""
        try:
            message = self.socket.receive()
        except ConnectionClosed as closed:
            self.closed = closed.reason
            return None
        if isinstance(message, bytes):
            message = json.dumps({"event": "binary", "length": len(message)})
        try:
            parsed = json.loads(message)
        except ValueError:
            parsed = {"event": "garbled"}
        self.got.append(parsed)
        self.sid = self.sid or parsed.get("streamSid", "")
        return parsed

    def until(self, event: str) -> dict | None:
        """Return the next message of that kind, None when the caller's side is gone before."""
        while (message := self.receive()) is not None:
            if message["event"] == event:
                return message
        return None

    def drain(self) -> None:
        """Receive until the caller's side is gone."""
        while self.receive() is not None:
            pass

    def of(self, event: str) -> list[dict]:
        return [message for message in self.got if message["event"] == event]

    def send(self, message: dict | str | bytes) -> None:
        self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    def media(self, length_ms: int) -> None:
        payload = base64.b64encode(loud(length_ms)).decode()
        self.send({"event": "media", "streamSid": self.sid, "media": {"payload": payload}})

    def mark(self, name: str) -> None:
        self.send({"event": "mark", "streamSid": self.sid, "mark": {"name": name}})

    def clear(self) -> None:
        self.send({"event": "clear", "streamSid": self.sid})


class Server:
    """Answers what a test tells it to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[Seen] = []
        self.streams: list[Socket] = []
        self.handshakes: list[dict[str, str]] = []
        self.on_stream: Callable[[Socket], None] = Socket.drain
        self._stream_over = threading.Event()
        self._arrived = threading.Condition()
        app = Flask(__name__)
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])
        Sock(app).route("/media")(self._stream)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def forms(self, path: str) -> list[dict[str, str]]:
        return [seen.form for seen in self.seen if seen.path == path]

    def await_form(self, path: str) -> dict[str, str]:
        """Return the first form that arrives there."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.forms(path), timeout=10)
        return self.forms(path)[0]

    def socket_of(self, sid: str) -> Socket:
        """Return the server's end of this stream."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: any(stream.sid == sid for stream in self.streams), timeout=10)
        return next(stream for stream in self.streams if stream.sid == sid)

    def stream(self) -> Socket:
        """Return the only stream, once the server is done with it."""
        assert self._stream_over.wait(5)
        (stream,) = self.streams
        return stream

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, path: str) -> Response:
        form = request.form.to_dict() if request.method == "POST" else request.args.to_dict()
        with self._arrived:
            self.seen.append(Seen(f"/{path}", form, dict(request.headers), request.url))
            self._arrived.notify_all()
        answer = self.answers.get(f"/{path}", ("", 404))
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(form)
        if isinstance(answer, Response):
            return answer
        body, status = answer if isinstance(answer, tuple) else (answer, 200)
        return Response(f"<Response>{body}</Response>", status, content_type="text/xml")

    def _stream(self, socket: object) -> None:
        self.handshakes.append(dict(request.headers))
        stream = Socket(socket)
        self.streams.append(stream)
        try:
            if stream.until("start") is not None:
                with self._arrived:
                    self._arrived.notify_all()
                self.on_stream(stream)
        finally:
            self._stream_over.set()


def frames(count: int) -> Callable[[Socket], None]:
    """Return a server that takes so many frames and closes."""

    def script(stream: Socket) -> None:
        for _ in range(count):
            stream.until("media")

    return script


def sound(length_ms: int) -> Response:
    return Response(to_wav(loud(length_ms)), content_type="audio/x-wav")


class Scripted:
    """Does things a while after the line has said something to its end, after it has begun to, or at given times.

    What it does is one action, `delay_ms` later, or several by their own delays (ms).
    """

    def __init__(
        self,
        replies: dict[str, Action | dict[float, Action]] | None = None,
        *,
        during: dict[str, Action] | None = None,
        at: dict[float, Action] | None = None,
        delay_ms: float = 100,
    ) -> None:
        self._replies = replies or {}
        self._during = during or {}
        self._delay_ms = delay_ms
        self._due = list((at or {}).items())
        self.heard: list[Said] = []

    def on_said(self, said: Said, /) -> None:
        self.heard.append(said)
        for script, since_ms in ((self._replies, said.ends_ms), (self._during, said.starts_ms)):
            todo = script.get(said.name, {})
            delayed = todo if isinstance(todo, dict) else {self._delay_ms: todo}
            self._due += [(since_ms + delay_ms, action) for delay_ms, action in delayed.items()]

    def next_actions(self, now_ms: float, /) -> list[Action]:
        now = [action for due, action in self._due if due <= now_ms]
        self._due = [(due, action) for due, action in self._due if due > now_ms]
        return now
