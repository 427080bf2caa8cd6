"""The Number noun of Dial: whom to ring up, what is whispered to them, and who is told how it goes. Values only.

Source: twilio.com/docs/voice/twiml/number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.verbs.verb import method_of, names, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody to ring up."""

    attributes: ClassVar[frozenset[str]] = names(
        "url method statusCallback statusCallbackMethod statusCallbackEvent sendDigits"
    )

    number: str
    url: str = ""
    """TwiML that they hear before they are connected; empty for none."""
    method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the noun of an element."""
        return cls(
            number=text_of(element),
            url=element.get("url", ""),
            method=method_of(element),
            status_callback=element.get("statusCallback", ""),
            status_method=method_of(element, "statusCallbackMethod"),
            status_events=tuple(element.get("statusCallbackEvent", "completed").split()),
        )
