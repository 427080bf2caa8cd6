"""Ears that hear what a script says, at the times it says: simulation by text, and tests. No recognizer, no sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from voicebot.speech.ears import Heard, Utterance

BYTES_PER_MS = 8
"""Mu-law at 8 kHz, one byte a sample."""


class ScriptedEars:
    """Each listening takes the next script: utterances, heard once audio up to their `decided_ms` was fed.

    When the scripts have run out, nothing more is heard.
    """

    def __init__(self, scripts: Iterable[Sequence[Utterance]]) -> None:
        self._scripts = iter(scripts)

    def has_word(self, word: str) -> bool:  # noqa: ARG002 - the protocol's
        """Every word can be scripted."""
        return True

    def listen(self, phrases: Sequence[str], understand: Callable[[str], Hashable] = str) -> ScriptedListening:  # noqa: ARG002
        """Open the next script, whatever the phrases are."""
        return ScriptedListening(list(next(self._scripts, ())))


@dataclass
class ScriptedListening:
    """One script being played."""

    utterances: list[Utterance]
    _bytes: int = 0

    def feed(self, mulaw: bytes) -> list[Heard]:
        """Count the audio; return the utterances that were decided within it."""
        self._bytes += len(mulaw)
        now_ms = self._bytes // BYTES_PER_MS
        due: list[Heard] = [utterance for utterance in self.utterances if utterance.decided_ms <= now_ms]
        self.utterances = self.utterances[len(due) :]
        return due

    def finish(self) -> Utterance | None:
        """Return the next utterance, if the script has one left."""
        return self.utterances.pop(0) if self.utterances else None
