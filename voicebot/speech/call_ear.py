"""An ear on a call: its times are the call's, and of the line's own voice coming back it says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicebot.speech.answering import Answer, Answering
    from voicebot.speech.echo import Echo


class CallEar:
    """What one open ear heard since `from_ms` of the call's clock."""

    def __init__(self, answering: Answering, echo: Echo, from_ms: int) -> None:
        self._answering = answering
        self._echo = echo
        self._from_ms = from_ms

    @property
    def voice(self) -> bool:
        """Whether somebody seems to be speaking now."""
        return self._answering.voice

    @property
    def idle(self) -> bool:
        """Whether nothing is being said, also nothing of which the words are still to come."""
        return self._answering.idle

    @property
    def background_db(self) -> float:
        """The level of what is heard while nobody speaks, dB relative to full scale."""
        return self._answering.background_db

    def feed(self, mulaw: bytes) -> list[Answer]:
        """Take sound that the echo took before; return what the caller said. Raises VoicebotError `ears_failed`."""
        answers = map(self._on_the_call, self._answering.feed(mulaw))
        return [answer for answer in answers if not self._is_own_voice(answer)]

    def _on_the_call(self, answer: Answer) -> Answer:
        said, from_ms = answer.utterance, self._from_ms
        times = (from_ms + at_ms for at_ms in (said.started_ms, said.ended_ms, said.decided_ms))
        started_ms, ended_ms, decided_ms = times
        timed = replace(said, started_ms=started_ms, ended_ms=ended_ms, decided_ms=decided_ms)
        return replace(answer, utterance=timed)

    def _is_own_voice(self, answer: Answer) -> bool:
        return self._echo.is_own_voice(answer.utterance.started_ms, answer.utterance.ended_ms)
