"""A rule set file as far as it can be read, so that one broken entry does not hide the mistakes of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from voicebot.triage.file_format import Entry, GroupEntry, QuestionEntry, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.source import Place

_Some = TypeVar("_Some", bound=Entry)


@dataclass(frozen=True)
class Draft:
    """The entries that read well, each with its place; and the ids of all, broken or not."""

    questions: Mapping[Place, QuestionEntry]
    groups: Mapping[Place, GroupEntry]
    rules: Mapping[Place, Rule]
    fallbacks: Mapping[Place, Rule]
    order: tuple[str, ...]
    former: Mapping[str, tuple[str, ...]]
    question_ids: frozenset[str]
    group_ids: frozenset[str]
    ids: tuple[tuple[Place, str], ...]
    """Every id of the file with its place; rules have names of their own, so theirs are marked."""
    whole: bool
    """Whether every entry reads well."""


def read_draft(root: Mapping[str, Any]) -> Draft:
    """Read what can be read of a file."""
    questions, groups = _entries(root, "questions", QuestionEntry), _entries(root, "groups", GroupEntry)
    rules = _entries(root, "rules", Rule)
    ids = {key: list(_ids(root, key)) for key in ("questions", "groups", "rules")}
    fallbacks: dict[Place, Rule] = {
        (key,): rule for key in ("base", "no_symptom") if (rule := _entry(root.get(key), Rule))
    }
    fallback_ids = [((*place, "id"), f"rule {rule.id}") for place, rule in fallbacks.items()]
    return Draft(
        questions=questions,
        groups=groups,
        rules=rules,
        fallbacks=fallbacks,
        order=_names(root.get("order")),
        former=_former(root.get("former")),
        question_ids=frozenset(name for _, name in ids["questions"]),
        group_ids=frozenset(name for _, name in ids["groups"]),
        ids=(
            *ids["questions"],
            *ids["groups"],
            *((place, f"rule {name}") for place, name in ids["rules"]),
            *fallback_ids,
        ),
        whole=all(
            len(read) == len(_items(root, key))
            for key, read in (("questions", questions), ("groups", groups), ("rules", rules))
        ),
    )


def _names(names: object) -> tuple[str, ...]:
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _former(former: object) -> dict[str, tuple[str, ...]]:
    return {str(old): _names(parts) for old, parts in former.items()} if isinstance(former, dict) else {}


def _items(root: Mapping[str, Any], key: str) -> list[Any]:
    items = root.get(key)
    return items if isinstance(items, list) else []


def _entry(item: object, kind: type[_Some]) -> _Some | None:
    try:
        return kind.model_validate(item)
    except ValidationError:
        return None


def _entries(root: Mapping[str, Any], key: str, kind: type[_Some]) -> dict[Place, _Some]:
    read = ((place, _entry(item, kind)) for place, item in enumerate(_items(root, key)))
    return {(key, place): entry for place, entry in read if entry}


def _ids(root: Mapping[str, Any], key: str) -> Iterator[tuple[Place, str]]:
    for place, item in enumerate(_items(root, key)):
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield (key, place, "id"), item["id"]
