"""Asks the server for TwiML and sounds, and tells it what happened: what an answer means, and how it is noted.

The HTTP beneath is client.py. What comes after a failure is decided in call.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier import audio
from voicebot.simulate.carrier.client import Answer, Attempt, HttpClient, Sending
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import Failed, Purpose, Requested
from voicebot.simulate.carrier.twiml import Document, parse, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.clock import Clock
    from voicebot.simulate.carrier.forms import CallForm
    from voicebot.simulate.carrier.log import CallLog

_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class Webhooks:
    """The requests of one leg, each noted in its log. Close it when the leg is over."""

    def __init__(self, form: CallForm, log: CallLog, clock: Clock, sending: Sending, *, twice: bool = False) -> None:
        """Take what requests are made of and noted with; `twice` repeats every webhook."""
        self._form, self._log, self._clock, self._twice = form, log, clock, twice
        self._purpose = Purpose.VOICE
        self._http = HttpClient(sending, self._note)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def document(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> Document:
        """Return the TwiML that `url` answers. Raises CarrierError when there is none to execute."""
        answer = self._ask(method, url, purpose, form)
        if answer.body and not answer.content_type:
            raise CarrierError(ErrorCode.HTTP_RETRIEVAL, "an answer without Content-Type")
        document = self._read(answer, url.partition("#")[0])
        for warning in document.warnings:
            self.failed(CarrierError(ErrorCode.SCHEMA, warning))
        return document

    def sound(self, url: str) -> bytes:
        """Return the mu-law of the WAV file at `url`. Raises CarrierError: 11200, or 12300 if it is no audio."""
        answer = self._ask("GET", url, Purpose.MEDIA, {})
        if not answer.content_type.startswith("audio/"):
            raise CarrierError(ErrorCode.CONTENT_TYPE, "a sound whose Content-Type is not audio")
        try:
            return audio.from_wav(answer.body)
        except ValueError as unreadable:
            raise CarrierError(ErrorCode.CONTENT_TYPE, f"a sound that cannot be played: {unreadable}") from None

    def tell(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> None:
        """Send a callback whose answer does not matter; a failure is only noted."""
        try:
            self._ask(method, url, purpose, form)
        except CarrierError as failure:
            self.failed(failure)

    def failed(self, failure: CarrierError) -> None:
        """Note a failure in the log."""
        self._log.add(Failed(self._clock.now_ms(), failure.code, failure.message))

    def _ask(self, method: str, url: str, purpose: Purpose, form: Mapping[str, str]) -> Answer:
        self._purpose = purpose
        return self._http.ask(method, url, form, twice=self._twice)

    def _read(self, answer: Answer, url: str) -> Document:
        if not answer.body or answer.content_type in _TWIML_TYPES:
            return parse(answer.body, url)
        if answer.content_type == "text/plain":
            try:
                return parse(answer.body, url)
            except CarrierError:
                return spoken(answer.body.decode(errors="replace"), url)
        raise CarrierError(ErrorCode.CONTENT_TYPE, f"an answer of type {answer.content_type}, not text/xml")

    def _note(self, attempt: Attempt, form: Mapping[str, str]) -> None:
        self._log.add(
            Requested(
                self._clock.now_ms(),
                self._purpose,
                attempt.method,
                attempt.path,
                self._form.particular(form),
                attempt.status,
                attempt.took_ms,
            )
        )
