"""What the line would understand from a recording: its sound goes through the ears as a call's would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action
from voicebot.speech import codec
from voicebot.speech.answering import Answering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.dialog.meaning import Meaning
    from voicebot.speech.answering import Answer
    from voicebot.speech.ears import Ears
    from voicebot.speech.grammars import Grammars

FRAME_BYTES = 20 * codec.BYTES_PER_MS
"""The carrier sends 20 ms at a time."""
TAIL_MS = 2000
"""Silence after a recording, so that its last utterance comes to an end."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """The first answer in a recording; times are ms of audio from its start, None when nothing was said."""

    text: str
    meaning: Meaning | None
    action: Action
    confidence: float
    speech_end_ms: int | None
    decided_ms: int | None


NOTHING = Hearing("", None, Action.ASK_AGAIN, 0.0, None, None)


def hear(samples: codec.Samples, ears: Ears, grammars: Grammars, grammar: str) -> Hearing:
    """Return the first answer in 8 kHz samples, sent over the telephone's mu-law, to an ordinary question.

    Where nothing is an answer, the first that was said is returned, to be asked again.
    """
    hearings = [NOTHING]
    for answer in _answers(codec.encode(samples), Answering(ears, grammars, grammar, red_flag=False)):
        said = answer.utterance
        hearings.append(
            Hearing(said.words, answer.meaning, answer.action, said.confidence, said.ended_ms, said.decided_ms)
        )
        if answer.action is not Action.ASK_AGAIN:
            return hearings[-1]
    return hearings[:2][-1]


def _answers(mulaw: bytes, answering: Answering) -> Iterator[Answer]:
    audio = mulaw + codec.SILENCE * (TAIL_MS * codec.BYTES_PER_MS)
    for start in range(0, len(audio), FRAME_BYTES):
        yield from answering.feed(audio[start : start + FRAME_BYTES])
    if last := answering.finish():
        yield last
