"""Say: speaks a text. No speech is made here: silence of a likely length is heard, and the text is what it is called.

Source: twilio.com/docs/voice/twiml/say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.audio import BYTES_PER_MS, SILENCE
from voicebot.simulate.carrier.caller import SaidKind
from voicebot.simulate.carrier.hearing import say
from voicebot.simulate.carrier.verbs.prompt import Prompt, Sound, loops_of
from voicebot.simulate.carrier.verbs.verb import names, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.line import Line

_CHARACTER_MS = 65
"""About 15 characters a second, as a speech synthesizer speaks."""


@dataclass(frozen=True, slots=True)
class Say(Prompt):
    """Speak a text."""

    attributes: ClassVar[frozenset[str]] = names("voice language loop")

    text: str
    loop: int = 1

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        return cls(text_of(element), loops_of(element))

    def perform(self, line: Line, sound: Sound, *, until_key: bool) -> tuple[str, ...]:  # noqa: ARG002 -- made of text
        """Let as much silence be heard as the text would take."""
        silence = SILENCE * (len(self.text) * _CHARACTER_MS * BYTES_PER_MS)
        return say(line, self.text, SaidKind.SAY, silence, loops=self.loop, until_key=until_key)
