"""A call's transcript as a page shows it: beside each utterance, in words, what the line made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.transcript import Speaker, Spoken, transcript
from voicebot.dialog.answers import ACCEPT_AT, CONFIRM_AT
from voicebot.web.wording import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicebot.calls.entries import Entry


@dataclass(frozen=True, slots=True)
class Passage:
    """What one side said in one go, or one thing that happened."""

    at_ms: int
    """On the call's clock."""
    speaker: Speaker
    text: str
    detail: str
    """How it was understood; empty for all but the caller's utterances."""


def conversation(entries: Sequence[Entry], texts: Mapping[str, str]) -> list[Passage]:
    """Return the passages of a call in order; `texts` are what the line says, by prompt id."""
    return [
        Passage(spoken.at_ms, spoken.speaker, _words(spoken), _detail(spoken)) for spoken in transcript(entries, texts)
    ]


def _words(spoken: Spoken) -> str:
    if spoken.text is None:
        return "[no words kept]"
    return spoken.text or "[no words]"


def _detail(spoken: Spoken) -> str:
    understood = f"Understood as: {MEANINGS[spoken.meaning]}" if spoken.meaning else "Not understood"
    if spoken.confidence is not None:
        return f"{understood}. Confidence {confidence_in_words(spoken.confidence)}"
    return understood if spoken.meaning else ""


def confidence_in_words(confidence: float) -> str:
    """Return a confidence 0..1 as a figure and as how far the line relies on it."""
    if confidence >= ACCEPT_AT:
        relied_on = "high"
    elif confidence >= CONFIRM_AT:
        relied_on = "middling"
    else:
        relied_on = "low"
    return f"{confidence:.2f}, {relied_on}"
