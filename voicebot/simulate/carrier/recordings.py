"""The corner of Twilio's REST API that a call's server needs: its recordings, over HTTP on this machine.

GET (with .wav or without) and DELETE of /2010-04-01/Accounts/{AccountSid}/Recordings/{RecordingSid}, with Basic
authentication by account and auth token. Source: twilio.com/docs/voice/api/recording.
"""

from __future__ import annotations

import base64
import hmac
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from voicebot.simulate.carrier.audio import to_wav


@dataclass
class _Recording:
    wav: bytes
    not_ready: int
    """How many more times it is not there yet."""


@dataclass
class _Shelf:
    """The recordings, shared by the threads of the server."""

    credentials: str
    """What the Authorization header must be."""
    folder: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: dict[str, _Recording] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def fetch(self, sid: str) -> bytes | None:
        with self.lock:
            recording = self.kept.get(sid)
            if recording is None:
                return None
            if recording.not_ready:
                recording.not_ready -= 1
                return None
            self.fetched.append(sid)
            return recording.wav

    def delete(self, sid: str) -> bool:
        with self.lock:
            if self.kept.pop(sid, None) is None:
                return False
            self.deleted.append(sid)
            return True


class RecordingServer:
    """Keeps recordings and serves them on a free port of 127.0.0.1, from threads of its own, until it is closed."""

    def __init__(self, account_sid: str, auth_token: str, *, not_ready: int = 0) -> None:
        """Start serving. Each recording is 404 for its first `not_ready` fetches: Twilio's are not ready at once."""
        credentials = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._not_ready = not_ready
        self._shelf = _Shelf(f"Basic {credentials}", f"/2010-04-01/Accounts/{account_sid}/Recordings/")
        self._server = _Server(self._shelf)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the server's address, to use in place of https://api.twilio.com."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def fetched(self) -> list[str]:
        """Sids of the recordings fetched, in order."""
        return list(self._shelf.fetched)

    @property
    def deleted(self) -> list[str]:
        """Sids of the recordings deleted, in order."""
        return list(self._shelf.deleted)

    @property
    def kept(self) -> list[str]:
        """Sids of the recordings that nobody deleted."""
        return list(self._shelf.kept)

    def keep(self, sid: str, mulaw: bytes) -> str:
        """Keep a recording; return its RecordingUrl."""
        with self._shelf.lock:
            self._shelf.kept[sid] = _Recording(to_wav(mulaw), self._not_ready)
        return f"{self.url}{self._shelf.folder}{sid}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: _Server

    def do_GET(self) -> None:
        sid = self._asked_for()
        if sid is None:
            return
        wav = self.server.shelf.fetch(sid)
        self._answer(HTTPStatus.NOT_FOUND if wav is None else HTTPStatus.OK, wav or b"")

    def do_DELETE(self) -> None:
        sid = self._asked_for()
        if sid is not None:
            self._answer(HTTPStatus.NO_CONTENT if self.server.shelf.delete(sid) else HTTPStatus.NOT_FOUND)

    def _asked_for(self) -> str | None:
        """Return the recording's sid; None once the request was refused."""
        shelf = self.server.shelf
        if not hmac.compare_digest(self.headers.get("Authorization", ""), shelf.credentials):
            self._answer(HTTPStatus.UNAUTHORIZED)
            return None
        if not self.path.startswith(shelf.folder):
            self._answer(HTTPStatus.NOT_FOUND)
            return None
        return self.path.removeprefix(shelf.folder).removesuffix(".wav")

    def _answer(self, status: HTTPStatus, wav: bytes = b"") -> None:
        self.send_response(status)
        if wav:
            self.send_header("Content-Type", "audio/x-wav")
        self.send_header("Content-Length", str(len(wav)))
        self.end_headers()
        self.wfile.write(wav)

    def log_message(self, *_: object) -> None:
        """Print nothing: what was fetched and deleted is kept."""


class _Server(ThreadingHTTPServer):
    """A thread for each request."""

    def __init__(self, shelf: _Shelf) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.shelf = shelf
