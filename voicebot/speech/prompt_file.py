"""Reads one file of prompts (YAML 1.2) and names every mistake with its line. Only the file's form belongs here.

A prompt is `id: text`, `id: {text: "... {slot} ...", slots: {slot: [every, value, it, can, have]}}`, or, in a language
other than English, `id: {text: "...", language: es}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es")
"""Languages the voice speaks."""
_ID = re.compile(r"[a-z0-9_.-]+")
_SLOT = re.compile(r"[a-z][a-z0-9_]*")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Prompt:
    """Something the line says."""

    id: str
    text: str
    """With `{slot}` where a value goes."""
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Slot -> every value it can have; all of them are spoken beforehand."""
    place: str = ""
    """`file:line`."""
    language: str = ENGLISH
    """Of the text, as in `VOICES` of pyttsx3_voice.py."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a file, and how to mend it."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def read_prompts(path: Path) -> tuple[list[Prompt], list[Mistake]]:
    """Return the prompts of a file and everything that is wrong with it."""
    try:
        root = YAML(typ="rt", pure=True).load(path.read_text("utf-8"))
    except DuplicateKeyError as error:
        name = re.search(r'key "(.+?)"', error.problem or "")
        what = f"prompt {name[1]} is" if name else "a prompt is"
        return [], [Mistake(f"{path}:{_line(error)}", f"{what} here twice; remove one or rename it.")]
    except MarkedYAMLError as error:
        return [], [Mistake(f"{path}:{_line(error)}", f"{error.problem}; mend the YAML here or just above.")]
    except (YAMLError, UnicodeDecodeError, OSError):
        return [], [Mistake(f"{path}:1", "this cannot be read; save it as YAML text in UTF-8.")]
    if not isinstance(root, CommentedMap):
        return [], [Mistake(f"{path}:1", "no prompts are here; write lines such as `goodbye: Take care.`")]
    entries = {str(key): (f"{path}:{root.lc.key(key)[0] + 1}", body) for key, body in root.items()}
    prompts = [_prompt(key, body, place) for key, (place, body) in entries.items()]
    wrong = [Mistake(found.place, what) for found in prompts for what in mistakes(found)]
    return prompts, wrong


def mistakes(prompt: Prompt) -> Iterator[str]:
    """Yield what is wrong with a prompt, and how to mend it."""
    if not _ID.fullmatch(prompt.id):
        yield f"id {prompt.id!r} may hold only a-z, 0-9, and . _ -; rename it."
    if not prompt.text.strip():
        yield f"{prompt.id} has no text; write what is said, in quotes if it is one word such as true or a number."
    for words in (prompt.text, *(value for values in prompt.slots.values() for value in values)):
        for digits in _DIGITS.finditer(words):
            yield f"{prompt.id} holds digits ({digits[0]}); write them as they are said, such as nine one one."
    if prompt.language not in LANGUAGES:
        yield f"{prompt.id} is in language {prompt.language!r}; the voice speaks {', '.join(LANGUAGES)}."
    try:
        named = slots_of(prompt.text)
    except ValueError as error:
        yield f"{prompt.id}: {error}; a slot is written {{name}}, and nothing else uses braces."
        return
    for slot in sorted(named - set(prompt.slots)):
        yield f"{prompt.id} does not tell the values of slot {slot}; list them under slots, or remove it."
    for slot in sorted(set(prompt.slots) - named):
        yield f"{prompt.id} lists slot {slot}, which is not in its text; use it or remove it."
    for slot in sorted(slot for slot, values in prompt.slots.items() if not values or not all(values)):
        yield f"{prompt.id} has no values for slot {slot}; list every value it can have."


def slots_of(text: str) -> frozenset[str]:
    """Return the names of a text's slots. Raises ValueError for braces that are no slot."""
    named = set()
    for _, slot, form, conversion in Formatter().parse(text):
        if slot is not None and (not _SLOT.fullmatch(slot) or form or conversion):
            raise ValueError(f"{{{slot}}} is no slot")
        named |= {slot} if slot else set()
    return frozenset(named)


def _prompt(key: str, body: Any, place: str) -> Prompt:
    if isinstance(body, CommentedMap) and set(body) == {"text", "language"}:
        return Prompt(key, _text(body["text"]), {}, place, _text(body["language"]))
    if isinstance(body, CommentedMap) and set(body) == {"text", "slots"} and isinstance(body["slots"], CommentedMap):
        slots = {str(slot): _values(values) for slot, values in body["slots"].items()}
        return Prompt(key, _text(body["text"]), slots, place)
    return Prompt(key, _text(body), {}, place)


def _values(values: Any) -> tuple[str, ...]:
    return tuple(_text(value) for value in values) if isinstance(values, list) else ()


def _text(value: Any) -> str:
    """Return a YAML text on one line; "" for anything else, such as a bare number."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _line(error: MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 1
