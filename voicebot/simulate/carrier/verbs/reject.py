"""Reject: as the first verb it declines the call, which ends as busy or unanswered; later it only hangs up.

Source: twilio.com/docs/voice/twiml/reject. Which reason gives which status is read from the order in its sentence
"busy or no-answer, depending on the reason".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NoReturn, Self

from voicebot.simulate.carrier.entries import EndReason
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.verbs.verb import Verb, names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document

_STATUS = {"busy": CallStatus.BUSY, "rejected": CallStatus.NO_ANSWER}


@dataclass(frozen=True, slots=True)
class Reject(Verb):
    """Do not take the call."""

    attributes: ClassVar[frozenset[str]] = names("reason")

    reason: str = "rejected"

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element. Raises ValueError for a reason that there is not."""
        reason = element.get("reason", "rejected")
        if reason not in _STATUS:
            raise ValueError("reason must be rejected or busy")
        return cls(reason)

    def execute(self, call: Call, document: Document) -> NoReturn:  # noqa: ARG002 -- nothing else matters
        """End the call, unanswered if it can still be."""
        if call.status is not CallStatus.RINGING:
            raise CallOver(EndReason.HANGUP_VERB)
        call.status = _STATUS[self.reason]
        raise CallOver(EndReason.REJECTED)
