"""One open question's ear: sound in, whole answers out. The ears hear; the dialog's turn.py says when it is over.

A call's line and `voicebot hear` listen through this, so both end an answer at the same moment. Whether an answer
counts, given what the line was playing, is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action, judge
from voicebot.dialog.turn import is_over, may_conclude, patience_ms
from voicebot.speech.codec import BYTES_PER_MS
from voicebot.speech.ears import Partial, Utterance
from voicebot.speech.growth import may_grow

if TYPE_CHECKING:
    from voicebot.dialog.meaning import Meaning
    from voicebot.speech.ears import Ears
    from voicebot.speech.grammars import Grammars

PIECE_MS = 20
_PIECE_BYTES = PIECE_MS * BYTES_PER_MS
"""Sound is taken in pieces of this length however it comes in, so the cutting never changes when an answer is over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said in one turn. Times are ms of the listening."""

    utterance: Utterance
    """Words with short pauses between them are one; `decided_ms` is when the turn was over."""
    meaning: Meaning | None

    @property
    def action(self) -> Action:
        """What the dialog does with it when nothing was playing."""
        return judge(self.meaning, self.utterance.confidence)


class Answering:
    """Listens under one grammar; goes on after each answer."""

    def __init__(self, ears: Ears, grammars: Grammars, grammar: str, *, red_flag: bool) -> None:
        """Open an ear. Raises VoicebotError `ears_failed`, `unknown_grammar`."""
        rules = grammars.get(grammar)
        self._understand = lru_cache(rules.understand)
        self._may_grow = lru_cache(partial(may_grow, rules))
        self._red_flag = red_flag
        self._listening = ears.listen(grammars.phrases(grammar), self._understand)
        self._pending = b""
        self._now_ms = 0
        self._partial = ""
        self._held: Utterance | None = None

    @property
    def open(self) -> bool:
        """Whether words were heard of which it is not yet known if they are all."""
        return bool(self._partial) or self._held is not None

    @property
    def voice(self) -> bool:
        """Whether somebody seems to be speaking now: there are words, or more than background."""
        return self.open or self._listening.quiet_ms == 0

    def feed(self, mulaw: bytes) -> list[Answer]:
        """Take 8 kHz mu-law of any length; return the answers that are over. Raises VoicebotError `ears_failed`."""
        audio = self._pending + mulaw
        whole = len(audio) - len(audio) % _PIECE_BYTES
        self._pending = audio[whole:]
        pieces = (audio[start : start + _PIECE_BYTES] for start in range(0, whole, _PIECE_BYTES))
        return [answer for piece in pieces if (answer := self._hear(piece))]

    def finish(self) -> Answer | None:
        """End the sound here; return the answer that was still open. Raises VoicebotError `ears_failed`."""
        for heard in self._listening.feed(self._pending):
            self._take(heard)
        if last := self._listening.finish():
            self._take(last)
        return self._end()

    def _hear(self, piece: bytes) -> Answer | None:
        self._now_ms += PIECE_MS
        for heard in self._listening.feed(piece):
            self._take(heard)
        if self._partial and self._complete():
            self._partial = ""
            if concluded := self._listening.conclude():
                self._take(concluded)
        return self._end() if self._over() else None

    def _take(self, heard: Partial | Utterance) -> None:
        match heard:
            case Partial(words):
                self._partial = words
            case Utterance():
                self._partial = ""
                self._held = _joined(self._held, heard) if self._held else heard

    def _complete(self) -> bool:
        """Whether the words heard so far are the whole answer."""
        words = f"{self._held.words} {self._partial}" if self._held else self._partial
        return may_conclude(
            self._understand(words),
            self._listening.quiet_ms,
            may_grow=self._may_grow(words),
            red_flag=self._red_flag,
        )

    def _over(self) -> bool:
        """Whether what was held back has waited long enough for more."""
        if self._held is None or self._partial:
            return False
        words, confidence = self._held.words, self._held.confidence
        patience = patience_ms(
            self._understand(words), confidence, may_grow=self._may_grow(words), red_flag=self._red_flag
        )
        return is_over(self._now_ms - self._held.ended_ms, self._listening.quiet_ms, patience)

    def _end(self) -> Answer | None:
        held, self._held = self._held, None
        if held is None:
            return None
        return Answer(replace(held, decided_ms=max(held.decided_ms, self._now_ms)), self._understand(held.words))


def _joined(first: Utterance, second: Utterance) -> Utterance:
    """Return two utterances with a short pause between them as one, as sure as the less sure of them."""
    return Utterance(
        f"{first.words} {second.words}",
        min(first.confidence, second.confidence),
        first.started_ms,
        second.ended_ms,
        second.decided_ms,
    )
