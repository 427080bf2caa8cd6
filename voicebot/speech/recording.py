"""What the line would understand from a recording: its sound goes through the ears as a call's would."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action, judge
from voicebot.speech import codec
from voicebot.speech.ears import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.dialog.meaning import Meaning
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
    """Return the first answer in 8 kHz samples, sent over the telephone's mu-law under grammar `grammar`.

    Where nothing is an answer, the first utterance is returned, to be asked again.
    """
    hearings = [NOTHING]
    for utterance in _utterances(codec.encode(samples), ears, grammars, grammar):
        meaning = grammars.understand(grammar, utterance.words)
        action = judge(meaning, utterance.confidence)
        times = (utterance.ended_ms, utterance.decided_ms)
        hearings.append(Hearing(utterance.words, meaning, action, utterance.confidence, *times))
        if action is not Action.ASK_AGAIN:
            return hearings[-1]
    return hearings[:2][-1]


def _utterances(mulaw: bytes, ears: Ears, grammars: Grammars, grammar: str) -> Iterator[Utterance]:
    listening = ears.listen(grammars.phrases(grammar), partial(grammars.understand, grammar))
    audio = mulaw + codec.SILENCE * (TAIL_MS * codec.BYTES_PER_MS)
    for start in range(0, len(audio), FRAME_BYTES):
        for heard in listening.feed(audio[start : start + FRAME_BYTES]):
            if isinstance(heard, Utterance):
                yield heard
    if last := listening.finish():
        yield last
