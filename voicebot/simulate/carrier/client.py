"""HTTP as Twilio speaks it: signed, within its limits, tried again, redirected, with cookies. Knows no TwiML.

Sources: twilio.com/docs/usage/webhooks/webhooks-connection-overrides (limits, retries) and
twilio.com/docs/voice/twiml, "Twilio is a well-behaved HTTP client" (cookies, at most ten redirects).
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from urllib3.exceptions import MaxRetryError

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.overrides import Failure, Limits, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicebot.simulate.carrier.route import Route
    from voicebot.simulate.carrier.signing import Signer

_SUCCESS = range(200, 300)
_REDIRECTS = 10
_KEEPS_METHOD = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
_MOVED = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}) | _KEEPS_METHOD


@dataclass(frozen=True, slots=True)
class Sending:
    """How requests are sent: the same for all calls of a carrier."""

    route: Route
    signer: Signer
    limits: Limits


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    content_type: str
    """Without parameters, in lower case; empty if there is none."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request as it went out."""

    method: str
    path: str
    status: int | None
    """None if it failed before there was one."""
    took_ms: float
    """Milliseconds of real time."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    form: Mapping[str, str]
    """Of a GET it is in the URL already."""
    token: str

    @property
    def body(self) -> Mapping[str, str]:
        """The form as far as it is sent, and signed, beside the URL."""
        return self.form if self.method == "POST" else {}

    def at(self, url: str, status: int) -> _Request:
        """Return the request that a browser makes when told to go to `url` instead."""
        if status in _KEEPS_METHOD:
            return _Request(self.method, url, self.form, self.token)
        return _Request("GET", url, {}, self.token)


class _Failed(Exception):  # noqa: N818 -- it may yet succeed
    """An attempt that did not succeed."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


class HttpClient:
    """Sends the requests of one leg. Close it when the leg is over."""

    def __init__(self, sending: Sending, note: Callable[[Attempt, Mapping[str, str]], None]) -> None:
        """Take how to send; `note` is told each attempt, redirects included, and the form it went out with."""
        self._sending, self._note = sending, note
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def ask(self, method: str, url: str, form: Mapping[str, str], *, twice: bool = False) -> Answer:
        """Return the answer of a URL, which may have connection overrides as its fragment.

        The form of a GET becomes its query. `twice` sends a POST again right after its answer, and drops the second
        answer: what a server meets after a retry whose first attempt had arrived. Raises CarrierError.
        """
        address, limits = split(url, self._sending.limits)
        if method == "GET" and form:
            address = f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(form)}"
        request = _Request(method, address, form, str(uuid.uuid4()))
        deadline = time.monotonic() + limits.total_s
        for attempts_left in range(limits.retries, -1, -1):
            try:
                answer = self._redirected(request, limits, deadline)
                if twice and method == "POST":
                    self._redirected(request, limits, deadline)
            except _Failed as failed:
                out_of_time = time.monotonic() >= deadline
                if out_of_time or not attempts_left or failed.failure not in limits.retry_after:
                    raise CarrierError(ErrorCode.HTTP_RETRIEVAL, str(failed)) from None
            else:
                return answer
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _redirected(self, request: _Request, limits: Limits, deadline: float) -> Answer:
        for _ in range(_REDIRECTS + 1):
            status, answer, location = self._noted(request, limits, deadline)
            if status in _SUCCESS:
                return answer
            if status not in _MOVED or not location:
                failure = Failure.SERVER_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Failure.CLIENT_ERROR
                raise _Failed(failure, f"an answer with status {status}")
            request = request.at(urljoin(request.url, location), status)
        raise CarrierError(ErrorCode.TOO_MANY_REDIRECTS, "more than ten HTTP redirects")

    def _noted(self, request: _Request, limits: Limits, deadline: float) -> tuple[int, Answer, str]:
        began, status = time.monotonic(), None
        try:
            status, answer, location = self._send(request, limits, deadline)
        except requests.RequestException as failure:
            if _never_connected(failure):
                raise _Failed(Failure.CONNECT, "a server that cannot be reached") from None
            raise _Failed(Failure.READ, "a server that did not answer in time") from None
        finally:
            took_ms = (time.monotonic() - began) * 1000
            self._note(Attempt(request.method, urlsplit(request.url).path, status, took_ms), request.form)
        return status, answer, location

    def _send(self, request: _Request, limits: Limits, deadline: float) -> tuple[int, Answer, str]:
        """Return status, answer and where to look instead. Raises requests' exceptions, ReadTimeout at `deadline`."""
        target = self._sending.route.to(request.url)
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": request.token,
            **self._sending.signer.webhook(request.url, request.body),
            **target.headers,
        }
        left_s = max(0.001, deadline - time.monotonic())
        with self._session.request(
            request.method,
            target.url,
            data=dict(request.body) or None,
            headers=headers,
            timeout=(min(limits.connect_s, left_s), min(limits.read_s, left_s)),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = bytearray()
            for piece in response.iter_content(65536):
                body += piece
                if time.monotonic() > deadline:
                    raise requests.ReadTimeout
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return response.status_code, Answer(kind, bytes(body)), response.headers.get("Location", "")


def _never_connected(failure: requests.RequestException) -> bool:
    """Return whether no connection was made: the one failure that Twilio tries again by default."""
    return isinstance(failure, requests.ConnectionError) and isinstance(next(iter(failure.args), None), MaxRetryError)
