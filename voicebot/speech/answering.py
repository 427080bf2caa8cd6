"""One open question's ear: sound in, whole answers out. The ears hear; the dialog's turn.py says when it is over.

A call's line and `voicebot hear` listen through this, so both end an answer at the same moment. Whether an answer
counts, given what the line was playing, is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action, judge
from voicebot.dialog.turn import SPEAKING_MS, is_over, may_conclude, patience_ms
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

    @property
    def interrupts(self) -> bool:
        """Whether it may be taken although a prompt was playing."""
        return self.action is not Action.ASK_AGAIN and not self.utterance.faint


class Answering:
    """Listens under one grammar; goes on after each answer."""

    def __init__(
        self,
        ears: Ears,
        grammars: Grammars,
        grammar: str,
        *,
        red_flag: bool,
        unhurried: bool = False,
        background_db: float | None = None,
    ) -> None:
        """Open an ear; `background_db` is another's on the same line. Raises `ears_failed`, `unknown_grammar`."""
        self._grammar = grammars.get(grammar)
        self._understand = lru_cache(self._grammar.understand)
        self._may_grow = lru_cache(partial(may_grow, self._grammar))
        self._red_flag = red_flag
        self._unhurried = unhurried
        self._listening = ears.listen(grammars.phrases(grammar), self._understand, background_db)
        self._pending = b""
        self._now_ms = 0
        self._partial = ""
        self._held: Utterance | None = None

    @property
    def voice(self) -> bool:
        """Whether somebody seems to be speaking now: there are words, or more than background."""
        return not self._between_words or self._listening.quiet_ms == 0

    @property
    def idle(self) -> bool:
        """Whether nothing is being said, also nothing of which the words are still to come."""
        return self._between_words and self._listening.quiet_ms >= SPEAKING_MS

    @property
    def background_db(self) -> float:
        """The level of what is heard while nobody speaks, dB relative to full scale."""
        return self._listening.background_db

    @property
    def _between_words(self) -> bool:
        return not self._partial and self._held is None

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
            unhurried=self._unhurried,
        )

    def _over(self) -> bool:
        """Whether what was held back has waited long enough for more."""
        if self._held is None or self._partial:
            return False
        words, confidence = self._held.words, self._confidence(self._held)
        patience = patience_ms(
            self._understand(words),
            confidence,
            may_grow=self._may_grow(words),
            red_flag=self._red_flag,
            unhurried=self._unhurried,
        )
        return is_over(self._now_ms - self._held.ended_ms, self._listening.quiet_ms, patience)

    def _end(self) -> Answer | None:
        held, self._held = self._held, None
        if held is None:
            return None
        over_ms = max(held.decided_ms, self._now_ms)
        whole = replace(held, confidence=self._confidence(held), decided_ms=over_ms)
        return Answer(whole, self._understand(held.words))

    def _confidence(self, heard: Utterance) -> float:
        """Return how sure the ears are, and no surer than the words can be."""
        return min(heard.confidence, self._grammar.surest(heard.words))


def _joined(first: Utterance, second: Utterance) -> Utterance:
    """Return two utterances with a short pause between them as one, as sure as the less sure of them."""
    return Utterance(
        f"{first.words} {second.words}",
        min(first.confidence, second.confidence),
        first.started_ms,
        second.ended_ms,
        second.decided_ms,
        first.faint or second.faint,
    )
