"""What ears are: mu-law sound in, partial results and utterances out. Messages and protocols only, no recognizer.

Times are milliseconds of the audio that was fed, counted from the start of the listening; never a clock's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence


@dataclass(frozen=True, slots=True)
class Partial:
    """What was heard so far of an utterance that is not over; it may still change."""

    words: str
    """Empty when the words told before turned out to be none."""
    at_ms: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """One finished utterance. `words` holds `[unk]` where speech was none of the phrases."""

    words: str
    confidence: float
    """Probability 0..1 that what was said means what `words` mean."""
    started_ms: int
    """Where its first word begins."""
    ended_ms: int
    """Where its last word ends."""
    decided_ms: int
    """How much audio had been fed when it was taken to be over."""
    faint: bool = False
    """No words were recognized, only the sound of it: it may be an answer, but not one that interrupts a prompt."""


Heard = Partial | Utterance


class Listening(Protocol):
    """One open ear: audio goes in piece by piece, in order, from one thread."""

    @property
    def quiet_ms(self) -> int:
        """For how long only background was heard, told by level; 0 while somebody seems to be speaking."""

    @property
    def background_db(self) -> float:
        """The level of what is heard while nobody speaks, in dB relative to full scale."""

    def feed(self, mulaw: bytes) -> list[Heard]:
        """Take 8 kHz mu-law of any length; return what became known. Raises VoicebotError `ears_failed`."""

    def conclude(self) -> Utterance | None:
        """Take the utterance to be over here and go on listening; return it, None if nothing was said.

        What is said from here on is another utterance; times go on counting. Raises VoicebotError `ears_failed`.
        """

    def finish(self) -> Utterance | None:
        """End the audio here; return the utterance that was still open, if any. Raises VoicebotError `ears_failed`."""


class Ears(Protocol):
    """Opens ears; safe to share between threads."""

    def has_word(self, word: str) -> bool:
        """Tell whether `word` can be heard at all."""

    def listen(
        self,
        phrases: Sequence[str],
        understand: Callable[[str], Hashable] = str,
        background_db: float | None = None,
    ) -> Listening:
        """Return a new ear for `phrases`; a phrase given twice is twice as likely.

        Ways to hear the same audio that `understand` maps to one thing ("yes", "yeah") count as one answer when
        confidence is worked out; an answer that maps to None is a no-match. `background_db` is that of the same line as
        another ear heard it before.
        """
