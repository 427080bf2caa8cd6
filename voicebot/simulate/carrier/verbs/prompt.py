"""What can be heard before and inside Gather: Say, Play and Pause have this in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.verbs.verb import Verb

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.line import Line
    from voicebot.simulate.carrier.twiml import Document

Sound = Callable[[str], bytes]
"""Fetches the mu-law of a Play's URL as it stands in the document."""
MOST_LOOPS = 1000
"""How often something is repeated whose loop is 0: for ever, to Twilio."""


class Prompt(Verb):
    """A verb that the person hears."""

    __slots__ = ()

    @abstractmethod
    def perform(self, line: Line, sound: Sound, *, until_key: bool) -> tuple[str, ...]:
        """Let it be heard in its length; with `until_key` a key cuts it short. Return the keys that did.

        Raises CarrierError if a sound cannot be had, CallOver and Interrupted.
        """

    def execute(self, call: Call, document: Document) -> None:
        """Let it be heard to its end; keys change nothing."""
        self.perform(call.line, sounds_of(call, document), until_key=False)


def sounds_of(call: Call, document: Document) -> Sound:
    """Return what fetches the sounds of a document."""
    return lambda url: call.sound(document.resolve(url))


def loops_of(element: Element) -> int:
    """Return how often something is heard. Raises ValueError."""
    loops = int(element.get("loop", "1"))
    if loops < 0:
        raise ValueError("loop must not be negative")
    return loops or MOST_LOOPS
