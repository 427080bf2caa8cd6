"""An answer that may still be taken back, and the ear that heard it: it goes on listening for a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.dialog.events import SecondThought
from voicebot.dialog.inputs import OVERHEARD
from voicebot.dialog.meaning import KEYS
from voicebot.dialog.turn import REOPEN_MS, contradicts, is_second_thought
from voicebot.speech.overhearing import overheard

if TYPE_CHECKING:
    from voicebot.dialog.events import Heard
    from voicebot.dialog.meaning import Meaning
    from voicebot.dialog.turn import Turn
    from voicebot.speech.call_ear import CallEar

MAX_SECOND_THOUGHT_MS = 3000
"""So long the line waits for the end of words that may take an answer back."""


@dataclass(frozen=True, slots=True)
class JustAnswered:
    """One such answer."""

    meaning: Meaning
    at_ms: int
    """When it was complete, on the call's clock."""
    ear: CallEar

    def thought(self, mulaw: bytes, turn: Turn | None, now_ms: int) -> SecondThought | Heard | None:
        """Take the sound that ends at `now_ms`; return what takes the answer back. Raises VoicebotError `ears_failed`.

        Without an open `turn` the line says what cannot be interrupted: urgent words are then as any overheard there.
        """
        for answer in self.ear.feed(mulaw):
            meaning, said = answer.meaning, answer.utterance
            if (
                meaning is not None
                and is_second_thought(turn, self.at_ms, said.started_ms)
                and contradicts(self.meaning, meaning, said.confidence)
            ):
                if turn is None and meaning in OVERHEARD:
                    return overheard(answer, now_ms)
                return SecondThought(now_ms, meaning, said.confidence, said.words, said.started_ms, said.ended_ms)
        return None

    def is_meant_by(self, key: str, turn: Turn | None, now_ms: int) -> bool:
        """Return whether a key pressed now is about this answer and not about the question open now, `turn`."""
        return key in KEYS and is_second_thought(turn, self.at_ms, now_ms)

    def keyed(self, key: str, now_ms: int) -> SecondThought | None:
        """Return what a key about this answer does to it, if anything."""
        meaning = KEYS[key]
        return SecondThought(now_ms, meaning, key=key) if contradicts(self.meaning, meaning, 1.0) else None

    def is_settled(self, now_ms: int) -> bool:
        """Return whether it can be taken back no more."""
        waited_ms = now_ms - self.at_ms
        return waited_ms >= REOPEN_MS and (self.ear.idle or waited_ms >= REOPEN_MS + MAX_SECOND_THOUGHT_MS)
