"""One leg of a call, as verbs have it in hand: its line, the server behind the webhooks, and what the carrier lends.

What is fetched from where, and what happens when that fails, is here; what follows is the executor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.entries import Doubted, EndReason, Purpose, Updated
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.twiml import Document, parse
from voicebot.simulate.carrier.verbs import Dial, Reject, Say

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from voicebot.simulate.carrier.faults import Faults
    from voicebot.simulate.carrier.forms import CallForm
    from voicebot.simulate.carrier.line import Line
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.network import Network
    from voicebot.simulate.carrier.recordings import Recordings
    from voicebot.simulate.carrier.route import Route
    from voicebot.simulate.carrier.signing import Signer
    from voicebot.simulate.carrier.switchboard import Switchboard
    from voicebot.simulate.carrier.teller import Teller
    from voicebot.simulate.carrier.updates import Update
    from voicebot.simulate.carrier.verbs.verb import Verb
    from voicebot.simulate.carrier.webhooks import Webhooks

APOLOGY = Say("An application error has occurred. Goodbye.")
"""What the caller hears when there is no TwiML to be had."""


@dataclass
class Call:
    """One leg and its surroundings."""

    form: CallForm
    line: Line
    webhooks: Webhooks
    teller: Teller
    switchboard: Switchboard
    route: Route
    signer: Signer
    recordings: Recordings
    network: Network
    faults: Faults
    chance: random.Random
    fallback_url: str = ""
    """Empty: there is none."""
    keeps_silent_recordings: bool = False
    is_whisper: bool = False
    """It is a callee's leg, and what is executed on it comes before they are connected."""
    status: CallStatus = CallStatus.RINGING

    @property
    def log(self) -> CallLog:
        """The leg's log."""
        return self.line.log

    def update(self, update: Update) -> None:
        """Have an update carried out when the present 20 ms are over."""
        self.line.update(update)

    def limit(self, seconds: float) -> None:
        """Cut the call off at this age."""
        self.line.cut_at_ms[EndReason.TIME_LIMIT] = seconds * 1000

    def begins(self, verb: Verb) -> None:
        """Take notice that a verb begins: all but two of them answer the call."""
        declines = isinstance(verb, Reject)
        rings_on = isinstance(verb, Dial) and verb.answer_on_bridge
        if not declines and not rings_on:
            self.answered()

    def answered(self) -> None:
        """Take notice that the leg was answered, if it was not before."""
        if self.status is CallStatus.RINGING:
            self.status = CallStatus.IN_PROGRESS

    def hung_up(self) -> None:
        """Take notice that nobody is on this leg any more, while something is still to be asked about it."""
        self.status = CallStatus.NO_ANSWER if self.status is CallStatus.RINGING else CallStatus.COMPLETED

    def fetch(self, url: str, extra: Mapping[str, str] | None = None, *, method: str = "POST") -> Document:
        """Return the TwiML that a URL answers, or the fallback URL's. The time it takes goes by on the line.

        Raises CallOver when neither can be had.
        """
        try:
            document = self.webhooks.document(url, Purpose.VOICE, method, self.form.voice(self.status, extra or {}))
        except CarrierError as failure:
            document = self.recover(failure, url)
        self.line.catch_up()
        return document

    def follow(self, update: Update) -> Document:
        """Return the TwiML that a call update leads to. Raises CallOver when it cannot be had."""
        self.log.add(Updated(self.line.clock.now_ms(), "Twiml" if update.twiml else "Url"))
        if not update.twiml:
            return self.fetch(update.url, method=update.method)
        try:
            return parse(update.twiml.encode(), "")
        except CarrierError as failure:
            return self.recover(failure, "")

    def recover(self, failure: CarrierError, url: str) -> Document:
        """Return the fallback URL's TwiML after a fatal failure at `url`.

        Source: twilio.com/docs/usage/security/availability-reliability. Raises CallOver if there is none.
        """
        self.webhooks.failed(failure)
        if not self.fallback_url:
            self._apologize()
        told = {"ErrorCode": str(int(failure.code)), "ErrorUrl": url}
        form = self.form.voice(self.status, told)
        try:
            return self.webhooks.document(self.fallback_url, Purpose.FALLBACK, "POST", form)
        except CarrierError as second:
            self.webhooks.failed(second)
            self._apologize()

    def sound(self, url: str) -> bytes:
        """Return the mu-law of a sound. The time that takes goes by on the line. Raises CarrierError."""
        audio = self.webhooks.sound(url)
        self.line.catch_up()
        return audio

    def tell(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> None:
        """Send a callback, without waiting for its answer."""
        self.teller.tell(url, purpose, method, form)

    def doubt(self, message: str) -> None:
        """Note that the server relies on what nobody promises."""
        self.log.add(Doubted(self.line.clock.now_ms(), message))

    def _apologize(self) -> NoReturn:
        """Tell whoever is still there, and hang up."""
        if not self.status.is_over:
            self.answered()
            APOLOGY.perform(self.line, lambda _: b"", until_key=False)
        raise CallOver(EndReason.APPLICATION_ERROR)
