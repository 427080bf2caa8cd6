"""One line of the results: what was said, how it came over the line, what was made of it. Kept as JSON lines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYNTHETIC = "synthetic"
"""The condition, and corpus, of clips spoken by programs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clip heard once."""

    clip: str
    said: str
    truth: Meaning | None
    speaker: str
    corpus: str
    condition: str
    variant: str
    text: str
    meaning: Meaning | None
    action: Action
    confidence: float
    late_ms: float | None
    """From the end of the word to the decision, ms of audio; None if nothing was decided."""
    falls: bool
    """Whether the recording is quiet before it ends. If not, the end of the word is taken to be that of the file."""
    cpu_s: float
    audio_s: float
    """How much sound was decoded."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What was listened to."""
        return (self.condition, self.variant, self.clip)


@dataclass(frozen=True, slots=True)
class Answer:
    """Something taken for an answer, or to be confirmed, where nobody spoke to the line."""

    at_s: float
    text: str
    meaning: Meaning
    action: Action
    confidence: float


@dataclass(frozen=True, slots=True)
class StretchRow:
    """A stretch of sound that holds no answer, heard once."""

    title: str
    group: str
    seconds: float
    answers: tuple[Answer, ...]


def to_json(row: Row | StretchRow) -> str:
    """Return a row as one line."""
    return json.dumps(asdict(row), ensure_ascii=False) + "\n"


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file; none if there is no file."""
    return [
        Row(
            **{
                **told,
                "truth": _meaning(told["truth"]),
                "meaning": _meaning(told["meaning"]),
                "action": Action(told["action"]),
            }
        )
        for told in _lines(path)
    ]


def read_stretches(path: Path) -> list[StretchRow]:
    """Return the stretches of a file; none if there is no file."""
    return [StretchRow(**{**told, "answers": tuple(map(_answer, told["answers"]))}) for told in _lines(path)]


def _answer(told: dict[str, Any]) -> Answer:
    return Answer(**{**told, "meaning": Meaning(told["meaning"]), "action": Action(told["action"])})


def _meaning(told: str | None) -> Meaning | None:
    return Meaning(told) if told else None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file; a last line cut off by an end of the process is left out."""
    if path.is_file():
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield json.loads(line)
