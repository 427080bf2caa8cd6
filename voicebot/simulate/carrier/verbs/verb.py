"""What every verb is: something that can be read from an element and executed on a leg. And how attributes are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document


class Verb(ABC):
    """A verb with its attributes."""

    __slots__ = ()
    attributes: ClassVar[frozenset[str]] = frozenset()
    """Names of the attributes that Twilio knows, whether or not they change anything here."""

    @classmethod
    @abstractmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element. Raises ValueError for an attribute without meaning."""

    @abstractmethod
    def execute(self, call: Call, document: Document) -> Document | None:
        """Do it; return the document that comes next, None if it is the verb that follows in this one.

        Raises CarrierError for what Twilio's debugger would show as an error, CallOver and Interrupted.
        """


def names(text: str) -> frozenset[str]:
    """Return the names of attributes, written one behind the other."""
    return frozenset(text.split())


def text_of(element: Element) -> str:
    """Return the text inside an element, without the white space around it."""
    return (element.text or "").strip()


def is_true(element: Element, name: str, *, default: bool) -> bool:
    """Return an attribute that is true or false."""
    return element.get(name, str(default)).lower() == "true"


def method_of(element: Element, name: str = "method") -> str:
    """Return an attribute that is GET or POST; POST by default. Raises ValueError."""
    method = element.get(name, "POST").upper()
    if method not in {"GET", "POST"}:
        raise ValueError(f"{name} must be GET or POST")
    return method
