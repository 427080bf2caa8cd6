"""Asks the server for TwiML and sounds and tells it what happened: signed, with time limits, retry and fallback.

Limits and retry: twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Fallback:
twilio.com/docs/usage/security/availability-reliability. Executes nothing.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from urllib3.exceptions import MaxRetryError

from voicebot.simulate.carrier import audio
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import EndReason, Failed, Purpose, Requested
from voicebot.simulate.carrier.line import CallOver, Clock
from voicebot.simulate.carrier.twiml import Document, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.forms import CallForm
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.route import Route
    from voicebot.simulate.carrier.signing import Signer

_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long Twilio waits, in seconds, and how often it tries again when no connection can be made."""

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0
    retries: int = 1


@dataclass(frozen=True, slots=True)
class Sending:
    """How requests are sent: the same for all calls of a carrier."""

    route: Route
    signer: Signer
    limits: Limits


@dataclass(frozen=True, slots=True)
class _Answer:
    content_type: str
    body: bytes


class Webhooks:
    """The requests of one call. Close it when the call is over."""

    def __init__(
        self,
        form: CallForm,
        log: CallLog,
        clock: Clock,
        sending: Sending,
        *,
        fallback_url: str = "",
        twice: bool = False,
    ) -> None:
        """Take what a request is made of; `twice` repeats every webhook, as a retry after a lost answer would."""
        self._form, self._log, self._clock, self._sending = form, log, clock, sending
        self._fallback_url, self._twice = fallback_url, twice
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def document(self, url: str, form: Mapping[str, str], method: str = "POST") -> Document:
        """Return the TwiML that `url` answers, or the fallback URL's when that fails. Raises CallOver if both fail."""
        try:
            return self._document(url, Purpose.VOICE, method, form)
        except CarrierError as failure:
            return self.recover(failure, url)

    def recover(self, failure: CarrierError, url: str) -> Document:
        """Return the fallback URL's TwiML after a fatal failure at `url`. Raises CallOver if there is none."""
        self.failed(failure)
        if not self._fallback_url:
            raise CallOver(EndReason.APPLICATION_ERROR)
        told = {"ErrorCode": str(int(failure.code)), "ErrorUrl": url}
        try:
            return self._document(self._fallback_url, Purpose.FALLBACK, "POST", self._form.voice("in-progress", told))
        except CarrierError as second:
            self.failed(second)
            raise CallOver(EndReason.APPLICATION_ERROR) from None

    def sound(self, url: str) -> bytes:
        """Return the mu-law of the WAV file at `url`. Raises CarrierError: 11200, or 12300 if it is no audio."""
        answer = self._ask(url, Purpose.MEDIA, "GET", {})
        if not answer.content_type.startswith("audio/"):
            raise CarrierError(ErrorCode.CONTENT_TYPE, "a sound whose Content-Type is not audio")
        try:
            return audio.from_wav(answer.body)
        except ValueError as unreadable:
            raise CarrierError(ErrorCode.CONTENT_TYPE, f"a sound that cannot be played: {unreadable}") from None

    def tell(self, url: str, purpose: Purpose, form: Mapping[str, str]) -> None:
        """Post a callback whose answer does not matter; a failure is only noted."""
        try:
            self._ask(url, purpose, "POST", form)
        except CarrierError as failure:
            self.failed(failure)

    def failed(self, failure: CarrierError) -> None:
        """Note a failure in the call's log."""
        self._log.add(Failed(self._clock.now_ms(), failure.code, failure.message))

    def _document(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> Document:
        answer = self._ask(url, purpose, method, form)
        if answer.body and not answer.content_type:
            raise CarrierError(ErrorCode.HTTP_RETRIEVAL, "an answer without Content-Type")
        if answer.body and answer.content_type not in _TWIML_TYPES:
            raise CarrierError(ErrorCode.CONTENT_TYPE, f"an answer of type {answer.content_type}, not text/xml")
        document = parse(answer.body, url)
        for warning in document.warnings:
            self.failed(CarrierError(ErrorCode.SCHEMA, warning))
        return document

    def _ask(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> _Answer:
        if method == "GET" and form:
            url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(form)}"
        params = form if method == "POST" else {}
        target = self._sending.route.to(url)
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            **self._sending.signer.webhook(url, params),
            **target.headers,
        }
        for attempts_left in range(self._sending.limits.retries, -1, -1):
            began = time.monotonic()
            status = None
            try:
                status, answer = self._send(method, target.url, params, headers)
                if self._twice and method == "POST":
                    self._send(method, target.url, params, headers)
            except requests.RequestException as failure:
                if not _never_connected(failure):
                    raise CarrierError(ErrorCode.HTTP_RETRIEVAL, "a server that did not answer in time") from None
                if not attempts_left:
                    raise CarrierError(ErrorCode.HTTP_RETRIEVAL, "a server that cannot be reached") from None
            else:
                break
            finally:
                kept = self._form.particular(form)
                took_ms = (time.monotonic() - began) * 1000
                path = urlsplit(url).path
                self._log.add(Requested(self._clock.now_ms(), purpose, method, path, kept, status, took_ms))
        if status not in _SUCCESS:
            raise CarrierError(ErrorCode.HTTP_RETRIEVAL, f"an answer with status {status}")
        return answer

    def _send(self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, _Answer]:
        """Return status and answer. Raises requests' exceptions, ReadTimeout also when all of it takes too long."""
        deadline = time.monotonic() + self._sending.limits.total_s
        with self._session.request(
            method,
            url,
            data=dict(form) or None,
            headers=dict(headers),
            timeout=(self._sending.limits.connect_s, self._sending.limits.read_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = bytearray()
            for piece in response.iter_content(65536):
                body += piece
                if time.monotonic() > deadline:
                    raise requests.ReadTimeout
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return response.status_code, _Answer(kind, bytes(body))


def _never_connected(failure: requests.RequestException) -> bool:
    """Return whether no connection was made: the one failure that Twilio tries again by default."""
    return isinstance(failure, requests.ConnectionError) and isinstance(next(iter(failure.args), None), MaxRetryError)


def resolve(reference: str, document_url: str) -> str:
    """Return the absolute form of a URL in a document; an empty one is the document's own."""
    return urljoin(document_url, reference)
