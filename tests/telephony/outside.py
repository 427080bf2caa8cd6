"""Somebody else's HTTP server on this machine, for whom the line sends to: it takes what comes and judges nothing."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self):
        return parse_qs(self.body.decode())


class Outside(HTTPServer):
    """Keeps all requests in `taken` and answers `status`; whoever follows a redirection is noticed there, too."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.taken, self.status = [], 200
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.taken.append(Taken(self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self):
        self.do_POST()

    def log_message(self, *_):
        pass


@contextmanager
def listening():
    """Yield a server that answers until the end of the block."""
    with Outside() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
