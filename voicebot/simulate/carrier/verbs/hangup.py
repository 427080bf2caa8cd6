"""Hangup: ends the call, which counts as answered even if this is the first verb.

Source: twilio.com/docs/voice/twiml/hangup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, Self

from voicebot.simulate.carrier.entries import EndReason
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.verbs.verb import Verb

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document


@dataclass(frozen=True, slots=True)
class Hangup(Verb):
    """Hang up."""

    @classmethod
    def read(cls, element: Element) -> Self:  # noqa: ARG003 -- it has no attributes
        """Return the verb of an element."""
        return cls()

    def execute(self, call: Call, document: Document) -> NoReturn:  # noqa: ARG002 -- nothing else matters
        """End the call."""
        raise CallOver(EndReason.HANGUP_VERB)
