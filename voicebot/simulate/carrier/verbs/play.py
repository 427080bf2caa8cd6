"""Play: plays a sound file. Only mu-law WAV is understood here, which Twilio plays as it is; `digits` are not played.

Source: twilio.com/docs/voice/twiml/play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.caller import SaidKind
from voicebot.simulate.carrier.hearing import say
from voicebot.simulate.carrier.verbs.prompt import Prompt, Sound, loops_of
from voicebot.simulate.carrier.verbs.verb import names, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.line import Line


@dataclass(frozen=True, slots=True)
class Play(Prompt):
    """Play a sound."""

    attributes: ClassVar[frozenset[str]] = names("loop digits")

    url: str
    loop: int = 1

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        return cls(text_of(element), loops_of(element))

    def perform(self, line: Line, sound: Sound, *, until_key: bool) -> tuple[str, ...]:
        """Fetch the sound and let it be heard."""
        return say(line, self.url, SaidKind.PLAY, sound(self.url), loops=self.loop, until_key=until_key)
