"""The corner of Twilio's REST API that a call's server needs, over HTTP on this machine.

Basic authentication by account and auth token, addresses and errors in Twilio's form
(twilio.com/docs/usage/twilios-response). What a resource is and does is its own file's.
"""

from __future__ import annotations

import base64
import hmac
import json
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WRONG_CREDENTIALS, _NOT_FOUND = 20003, 20404


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API answers."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = "application/json"

    @classmethod
    def json(cls, content: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Self:
        """Return a resource as JSON."""
        return cls(status, json.dumps(content).encode())

    @classmethod
    def error(cls, status: HTTPStatus, code: int, message: str) -> Self:
        """Return an error in Twilio's form."""
        more = f"https://www.twilio.com/docs/errors/{code}"
        return cls.json({"code": code, "message": message, "more_info": more, "status": status.value}, status)

    @classmethod
    def not_found(cls) -> Self:
        """Return the answer for what is not there."""
        return cls.error(HTTPStatus.NOT_FOUND, _NOT_FOUND, "The requested resource was not found")


class Resource(Protocol):
    """A kind of thing that the API serves. Called from the server's threads."""

    @property
    def name(self) -> str:
        """What stands in its addresses, such as Recordings."""

    def reply(self, method: str, sid: str, form: Mapping[str, str]) -> Reply:
        """Return the answer to a request for one of them; `sid` is empty for all."""


class Api:
    """Serves resources on a free port of 127.0.0.1, from threads of its own, until it is closed."""

    def __init__(self, account_sid: str, auth_token: str, resources: Sequence[Resource]) -> None:
        """Start serving."""
        credentials = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._folder = f"/2010-04-01/Accounts/{account_sid}/"
        self._server = _Server(
            f"Basic {credentials}", self._folder, {resource.name: resource for resource in resources}
        )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the server's address, to use in place of https://api.twilio.com."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def address(self, resource: Resource, sid: str) -> str:
        """Return the address of one thing."""
        return f"{self.url}{self._folder}{resource.name}/{sid}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        reply = self._reply()
        self.send_response(reply.status)
        if reply.body:
            self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _reply(self) -> Reply:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if not hmac.compare_digest(self.headers.get("Authorization", ""), self.server.credentials):
            return Reply.error(HTTPStatus.UNAUTHORIZED, _WRONG_CREDENTIALS, "Authenticate")
        name, _, sid = path.removeprefix(self.server.folder).partition("/")
        resource = self.server.resources.get(name.removesuffix(".json"))
        if resource is None or not path.startswith(self.server.folder):
            return Reply.not_found()
        return resource.reply(self.command, sid.removesuffix(".json"), dict(parse_qsl(body.decode())))

    def log_message(self, *_: object) -> None:
        """Print nothing: the resources know what was asked of them."""


class _Server(ThreadingHTTPServer):
    """A thread for each request."""

    def __init__(self, credentials: str, folder: str, resources: Mapping[str, Resource]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.credentials, self.folder, self.resources = credentials, folder, resources
