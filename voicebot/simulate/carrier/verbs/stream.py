"""The Stream noun of Connect: where the stream goes, and what it is told besides. Values and how they are read.

Source: twilio.com/docs/voice/twiml/stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Self
from urllib.parse import urlsplit, urlunsplit

from voicebot.simulate.carrier.verbs.verb import method_of, names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.twiml import Document

PARAMETER_CHARACTERS: Final = 500
"""Name and value of a Parameter together must be shorter."""
_SOCKET = {"http": "ws", "https": "wss"}


@dataclass(frozen=True, slots=True)
class Stream:
    """A media stream in both directions."""

    attributes: ClassVar[frozenset[str]] = names("url name track statusCallback statusCallbackMethod")

    url: str
    name: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    track: str = "inbound_track"
    status_callback: str = ""
    status_method: str = "POST"

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the noun of an element."""
        return cls(
            url=element.get("url", ""),
            name=element.get("name", ""),
            parameters=tuple((nested.get("name", ""), nested.get("value", "")) for nested in element.iter("Parameter")),
            track=element.get("track", "inbound_track"),
            status_callback=element.get("statusCallback", ""),
            status_method=method_of(element, "statusCallbackMethod"),
        )

    @property
    def too_long(self) -> list[str]:
        """Names of the parameters that are too long."""
        return [name for name, value in self.parameters if len(name) + len(value) >= PARAMETER_CHARACTERS]

    def address(self, document: Document) -> str:
        """Return the absolute URL: a relative one is the document's, with a WebSocket's scheme. Raises CarrierError."""
        if urlsplit(self.url).scheme:
            return self.url
        parts = urlsplit(document.resolve(self.url))
        return urlunsplit(parts._replace(scheme=_SOCKET.get(parts.scheme, parts.scheme)))
