"""Pause: waits in silence. Source: twilio.com/docs/voice/twiml/pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.audio import SAMPLE_RATE, SILENCE
from voicebot.simulate.carrier.hearing import hear
from voicebot.simulate.carrier.verbs.prompt import Prompt, Sound
from voicebot.simulate.carrier.verbs.verb import names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.line import Line


@dataclass(frozen=True, slots=True)
class Pause(Prompt):
    """Wait."""

    attributes: ClassVar[frozenset[str]] = names("length")

    length_s: float = 1

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        return cls(float(element.get("length", "1")))

    def perform(self, line: Line, sound: Sound, *, until_key: bool) -> tuple[str, ...]:  # noqa: ARG002 -- silence
        """Let the silence be heard."""
        return hear(line, SILENCE * round(self.length_s * SAMPLE_RATE), until_key=until_key)
