"""The ear for urgent words alone, over what the line says and nobody can interrupt. One a stretch of such words.

It is the only ear then, but for a moment at the end: whoever is speaking when the words end, is heard out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action
from voicebot.dialog.events import Heard
from voicebot.dialog.inputs import OVERHEARD
from voicebot.dialog.turn import PROTECTED_MS
from voicebot.errors import VoicebotError
from voicebot.speech import codec
from voicebot.speech.answering import Answering
from voicebot.speech.call_ear import CallEar
from voicebot.speech.quiet import Quiet
from voicebot.speech.urgent import URGENT, urgent_alone

if TYPE_CHECKING:
    from voicebot.speech.answering import Answer
    from voicebot.speech.ears import Ears
    from voicebot.speech.echo import Echo
    from voicebot.speech.grammars import Grammars

MAX_HEARD_OUT_MS = 3000
"""So long after the words ended, a caller who was speaking is waited for."""


class Overhearing:
    """Of one stretch of words that began to play at `from_ms` of the call's clock.

    What begins in its first moment does not count, so that moment can tell the background before the ear is opened.
    """

    def __init__(self, ears: Ears, grammars: Grammars, echo: Echo, background_db: float | None, from_ms: int) -> None:
        self._ears = ears
        self._grammars = urgent_alone(grammars)
        self._echo = echo
        self._background_db = background_db
        self._quiet = Quiet()
        self._first = b""
        self._from_ms = from_ms
        self._ear: CallEar | None = None
        self._deaf = False

    def hear(self, mulaw: bytes, now_ms: int) -> Heard | None:
        """Take the sound that ends at `now_ms`; return the first urgent words that are beyond doubt.

        An ear that breaks hears no more: advice goes on, and the next question, which needs an ear, tells the dialog.
        """
        if self._deaf:
            return None
        if self._ear is None:
            self._first += mulaw
            self._quiet.hear(codec.mulaw_level_db(mulaw))
            if now_ms < self._from_ms + PROTECTED_MS:
                return None
            mulaw = self._first
        try:
            self._ear = self._ear or self._opened(now_ms - len(mulaw) // codec.BYTES_PER_MS)
            urgent = [answer for answer in self._ear.feed(mulaw) if self._counts(answer)]
        except VoicebotError:
            self._deaf = True
            return None
        return overheard(urgent[0], now_ms) if urgent else None

    def is_over(self, since_ms: int) -> bool:
        """Return whether nothing is left to hear `since_ms` after the words ended."""
        return self._deaf or self._ear is None or self._ear.idle or since_ms >= MAX_HEARD_OUT_MS

    def _opened(self, from_ms: int) -> CallEar:
        """Return an ear that knows the background already, and so dozes until something rises from it."""
        background_db = self._quiet.background_db if self._background_db is None else self._background_db
        answering = Answering(self._ears, self._grammars, URGENT, red_flag=True, background_db=background_db)
        return CallEar(answering, self._echo, from_ms)

    def _counts(self, answer: Answer) -> bool:
        late_enough = answer.utterance.started_ms >= self._from_ms + PROTECTED_MS
        return late_enough and answer.meaning in OVERHEARD and answer.action is Action.ACCEPT


def overheard(answer: Answer, now_ms: int) -> Heard:
    """Return the event of urgent words over what cannot be interrupted, known at `now_ms` of the call's clock."""
    said = answer.utterance
    return Heard(
        now_ms,
        answer.meaning,
        said.confidence,
        words=said.words,
        started_ms=said.started_ms,
        ended_ms=said.ended_ms,
        over_prompt=True,
        urgent_only=True,
    )
