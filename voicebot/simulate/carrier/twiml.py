"""Reads a TwiML document into verbs. Pure. What TwiML does not know is left out with a warning, as Twilio does.

A document that is no XML, or a verb whose attribute has no meaning, is an error: Twilio then asks the fallback URL.
Sources: twilio.com/docs/voice/twiml, and the error dictionary for 11750, 12100 and 12200. What a verb does is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.verbs import ATTRIBUTES, VERBS
from voicebot.simulate.carrier.verbs.say import Say

if TYPE_CHECKING:
    from voicebot.simulate.carrier.verbs.verb import Verb

_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A TwiML document and where it came from."""

    url: str
    """Without fragment; empty if it came with a call update."""
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()
    """What TwiML does not know and Twilio would leave out (12200)."""

    def resolve(self, reference: str) -> str:
        """Return the absolute form of a URL in this document; an empty one is the document's own.

        Raises CarrierError in a document without address: 15004 for a relative reference, 11100 for an empty one.
        """
        if self.url:
            return urljoin(self.url, reference)
        if not reference:
            raise CarrierError(ErrorCode.INVALID_URL, "an action is needed in TwiML that came with a call update")
        if not urlsplit(reference).scheme:
            raise CarrierError(ErrorCode.RELATIVE_ACTION, "a relative URL in TwiML that came with a call update")
        return reference


def parse(body: bytes, url: str) -> Document:
    """Return the verbs of a document that was answered by `url`.

    Raises CarrierError: 11750 over 64 KB, 12100 for what is no XML, 12200 for what is no Response or has an attribute
    without meaning. An empty body is an empty document: the call is hung up.
    """
    if len(body) > _LARGEST:
        raise CarrierError(ErrorCode.DOCUMENT_TOO_LARGE, "a TwiML document of more than 64 KB")
    if not body.strip():
        return Document(url, ())
    try:
        root = fromstring(body)  # noqa: S314 -- the answers of the server under test, at most 64 KB
    except ParseError as broken:
        raise CarrierError(ErrorCode.DOCUMENT_PARSE, f"a TwiML document that is no XML: {broken}") from None
    if root.tag != "Response":
        raise CarrierError(ErrorCode.SCHEMA, "a TwiML document must be a Response")
    try:
        verbs = tuple(VERBS[element.tag].read(element) for element in root if element.tag in VERBS)
    except ValueError as wrong:
        raise CarrierError(ErrorCode.SCHEMA, f"a TwiML attribute without meaning: {wrong}") from None
    return Document(url, verbs, tuple(_unknown(root)))


def spoken(text: str, url: str) -> Document:
    """Return the document that an answer of plain text stands for: it is read out."""
    return Document(url, (Say(text.strip()),))


def _unknown(parent: Element) -> list[str]:
    found = []
    known = VERBS if parent.tag == "Response" else ATTRIBUTES
    for element in parent:
        if element.tag not in known:
            found.append(f"<{element.tag}> is not known inside <{parent.tag}>")
            continue
        strange = set(element.attrib) - ATTRIBUTES[element.tag]
        found += [f"<{element.tag}> has no attribute {name}" for name in sorted(strange)]
        found += _unknown(element)
    return found
