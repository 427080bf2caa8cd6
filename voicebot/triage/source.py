"""Where in a rule set file a mistake stands. Knows YAML and its lines, nothing about triage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError

Place = tuple[str | int, ...]
"""Keys and indexes that lead from the top of the file to an entry."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong at a place of the file, and how to mend it."""

    place: Place
    text: str


@dataclass(frozen=True)
class Source:
    """A file that reads as YAML."""

    name: str
    root: Mapping[str, Any]

    def line(self, place: Place) -> int:
        """Return the line, counted from 1, where `place` stands, or where the entry that lacks it begins."""
        node: Any = self.root
        line = 0
        for step in place:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0]
            elif isinstance(node, CommentedSeq) and isinstance(step, int):
                line = node.lc.item(step)[0]
            else:
                break
            node = node[step]
        return line + 1

    def describe(self, mistakes: Iterable[Mistake]) -> str:
        """Return every mistake as `file:line: what, and how to mend`, in the order of the lines."""
        found = sorted({(self.line(mistake.place), mistake.text) for mistake in mistakes})
        return "\n".join(f"{self.name}:{line}: {text}" for line, text in found)


def read_yaml(text: str, name: str) -> Source:
    """Read YAML 1.2, in which a bare `no` is a word. Raises VoicebotError "ruleset_broken" with the line."""
    try:
        root = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = (error.problem or "this is no YAML").split(" with value")[0]
        raise VoicebotError("ruleset_broken", f"{name}:{line}: {problem}; mend the YAML here or just above.") from error
    if not isinstance(root, CommentedMap):
        raise VoicebotError(
            "ruleset_broken", f"{name}:1: no rule set is here; begin with `id:` as the bundled one does."
        )
    return Source(name, root)


def from_pydantic(error: ValidationError) -> list[Mistake]:
    """Put what pydantic found into words that a nurse can act on."""
    return [Mistake(detail["loc"], _mend(detail["type"], detail["loc"], detail["msg"])) for detail in error.errors()]


def _mend(kind: str, place: Place, message: str) -> str:
    field = next((str(step) for step in reversed(place) if isinstance(step, str)), "the file")
    match kind:
        case "missing":
            return f"`{field}` is missing; add it."
        case "extra_forbidden":
            return f"`{field}` is no field of a rule set; remove it or mend its name."
        case "string_type" if field == "all_of":
            return "a rule can only name questions, and fires when they are yes; write the question's id alone."
        case _:
            return f"`{field}` is wrong: {message[0].lower()}{message[1:]}; mend it."
