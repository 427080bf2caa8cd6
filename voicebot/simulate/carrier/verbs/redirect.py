"""Redirect: goes on with another document. What follows is never reached.

Source: twilio.com/docs/voice/twiml/redirect. Twilio documents no limit to how often a call may be redirected; what
the executor does about documents that only lead to one another is its own rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.verbs.verb import Verb, method_of, names, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document


@dataclass(frozen=True, slots=True)
class Redirect(Verb):
    """Go on elsewhere."""

    attributes: ClassVar[frozenset[str]] = names("method")

    url: str
    method: str = "POST"

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        return cls(text_of(element), method_of(element))

    def execute(self, call: Call, document: Document) -> Document:
        """Return the document at the URL."""
        return call.fetch(document.resolve(self.url), method=self.method)
