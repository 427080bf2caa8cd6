"""Ears that hear what a script says, at the times it says: simulation by text, and tests. No recognizer, no sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicebot.speech.ears import Partial, Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from voicebot.speech.ears import Heard

BYTES_PER_MS = 8
"""Mu-law at 8 kHz, one byte a sample."""


class ScriptedEars:
    """Each listening takes the next script: utterances, none overlapping another.

    One to which "yes" means nothing listens over what cannot be interrupted, and takes the next of `overheard`.
    The words are a partial result once audio up to `ended_ms` was fed, and an utterance once audio up to `decided_ms`
    was, unless it is concluded before. When the scripts have run out, nothing more is heard.
    """

    def __init__(self, scripts: Iterable[Sequence[Utterance]], overheard: Iterable[Sequence[Utterance]] = ()) -> None:
        self._scripts = iter(scripts)
        self._overheard = iter(overheard)

    def has_word(self, word: str) -> bool:  # noqa: ARG002 - the protocol's
        """Every word can be scripted."""
        return True

    def listen(
        self,
        phrases: Sequence[str],  # noqa: ARG002 - the protocol's, as is the other
        understand: Callable[[str], Hashable] = str,
        background_db: float | None = None,  # noqa: ARG002
    ) -> ScriptedListening:
        """Open the next script of its kind, whatever the phrases are."""
        scripts = self._overheard if understand("yes") is None else self._scripts
        return ScriptedListening(next(scripts, ()))


class ScriptedListening:
    """One script being played."""

    def __init__(self, utterances: Iterable[Utterance]) -> None:
        self._script = tuple(utterances)
        self._left = list(self._script)
        self._told: Utterance | None = None
        self._bytes = 0

    @property
    def quiet_ms(self) -> int:
        """The time since the latest utterance ended; 0 while one is being said."""
        begun = [utterance.ended_ms for utterance in self._script if utterance.started_ms <= self._now_ms]
        return max(0, self._now_ms - max(begun, default=0))

    @property
    def background_db(self) -> float:
        """Digital silence."""
        return -96.0

    def feed(self, mulaw: bytes) -> list[Heard]:
        """Count the audio; return what came to be known within it."""
        self._bytes += len(mulaw)
        heard: list[Heard] = []
        while (utterance := self._open()) is not None:
            if utterance is not self._told:
                self._told = utterance
                heard.append(Partial(utterance.words, utterance.ended_ms))
            if utterance.decided_ms > self._now_ms:
                break
            heard.append(self._left.pop(0))
        return heard

    def conclude(self) -> Utterance | None:
        """Return the utterance whose words were said but whose end was still awaited."""
        return replace(self._left.pop(0), decided_ms=self._now_ms) if self._open() else None

    def finish(self) -> Utterance | None:
        """Return the next utterance, if the script has one left."""
        return self._left.pop(0) if self._left else None

    @property
    def _now_ms(self) -> int:
        return self._bytes // BYTES_PER_MS

    def _open(self) -> Utterance | None:
        said = bool(self._left) and self._left[0].ended_ms <= self._now_ms
        return self._left[0] if said else None
