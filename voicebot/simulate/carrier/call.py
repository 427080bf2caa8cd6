"""What the verbs of one call have in hand: the line, the server behind the webhooks, and what the carrier lends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from voicebot.simulate.carrier.dial import Party
    from voicebot.simulate.carrier.faults import Faults
    from voicebot.simulate.carrier.forms import CallForm
    from voicebot.simulate.carrier.line import Line
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.recordings import RecordingServer
    from voicebot.simulate.carrier.route import Route
    from voicebot.simulate.carrier.signing import Signer
    from voicebot.simulate.carrier.twiml import Document
    from voicebot.simulate.carrier.webhooks import Webhooks


def new_sid(prefix: str) -> str:
    """Return a fresh identifier as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its surroundings."""

    form: CallForm
    line: Line
    webhooks: Webhooks
    route: Route
    signer: Signer
    recordings: RecordingServer
    parties: Mapping[str, Party]
    """Who may be rung up, by number."""
    faults: Faults
    chance: random.Random

    @property
    def log(self) -> CallLog:
        """The call's log."""
        return self.line.log

    def fetch(
        self, url: str, extra: Mapping[str, str] | None = None, *, method: str = "POST", status: str = "in-progress"
    ) -> Document:
        """Return the TwiML that a URL answers. The time it takes goes by on the line. Raises CallOver."""
        document = self.webhooks.document(url, self.form.voice(status, extra or {}), method)
        self.line.catch_up()
        return document

    def sound(self, url: str) -> bytes:
        """Return the mu-law of a sound. The time that takes goes by on the line. Raises CarrierError."""
        audio = self.webhooks.sound(url)
        self.line.catch_up()
        return audio
