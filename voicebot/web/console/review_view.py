"""What was said on a call, as its review shows it, worked out before any HTML is made. No request, no database."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.calls.transcript import Speaker, transcript
from voicebot.dialog.effects import KeepAudio
from voicebot.dialog.events import Event, Heard, SecondThought
from voicebot.web.conversation import confidence_in_words
from voicebot.web.wording import MEANINGS, URGENCIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry
    from voicebot.storage.review_store import Correction

LEVELS = tuple(enumerate(URGENCIES))
"""What a reader can choose from."""


class Word(StrEnum):
    """What a correction did to a word."""

    KEPT = "kept"
    GONE = "gone"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that was said or done."""

    seq: int
    """Its place in the record."""
    at_ms: int
    speaker: Speaker
    text: str
    understood: str
    """What the line made of it, and how surely; empty for all but the caller's utterances."""
    correctable: bool
    """The caller said it aloud."""
    consent: bool
    """The caller had agreed to be recorded by then."""
    correction: Correction | None
    changes: tuple[tuple[Word, str], ...] = ()
    """The words heard and really said, one after another."""

    @property
    def starts_s(self) -> str:
        """Where it lies in the call, for a link to the moment."""
        return f"{self.at_ms / 1000:.1f}"


def level_in_words(level: int | None) -> str:
    """Return an urgency in words."""
    return "not decided" if level is None else URGENCIES[level]


def passages(
    entries: Sequence[Entry], texts: Mapping[str, str], corrections: Sequence[Correction], *, words: bool
) -> Iterator[Passage]:
    """Yield what was said and done in order; without the right to `words`, what the caller said is left out."""
    corrected = {correction.seq: correction for correction in corrections}
    at_ms, consent = 0, False
    for entry in entries:
        message = entry.message
        at_ms = message.at_ms if isinstance(message, Event) else at_ms
        consent = consent or isinstance(message, KeepAudio)
        spoken = next(transcript([entry], texts), None)
        if spoken is None:
            continue
        aloud = isinstance(message, Heard) or (isinstance(message, SecondThought) and message.key is None)
        passage = Passage(
            seq=entry.seq,
            at_ms=at_ms,
            speaker=spoken.speaker,
            text=_text(spoken.text, hidden=aloud and not words),
            understood=_understood(message),
            correctable=aloud,
            consent=consent,
            correction=corrected.get(entry.seq) if words else None,
        )
        if passage.correction:
            passage = replace(passage, changes=word_changes(spoken.text or "", passage.correction.words))
        yield passage


def word_changes(heard: str, said: str) -> tuple[tuple[Word, str], ...]:
    """Return the words of both, each marked as kept, gone or added, in an order to read them in."""
    before, after = heard.split(), said.split()
    found: list[tuple[Word, str]] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [(Word.KEPT, word) for word in before[i:j]]
        else:
            found += [(Word.GONE, word) for word in before[i:j]] + [(Word.ADDED, word) for word in after[k:m]]
    return tuple(found)


def _text(text: str | None, *, hidden: bool) -> str:
    if hidden:
        return "[words not shown]"
    return "[no words kept]" if text is None else text or "[no words]"


def _understood(message: object) -> str:
    if not isinstance(message, Heard | SecondThought):
        return ""
    meant = f"Understood as: {MEANINGS[message.meaning]}" if message.meaning else "Not understood"
    return f"{meant}. Confidence {confidence_in_words(message.confidence)}"
