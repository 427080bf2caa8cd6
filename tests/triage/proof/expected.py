"""Reads expected.toml, the clinical reference written down apart from the rule set. Holds no expectation itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from voicebot.triage import Question

RED_FLAG = 3


@dataclass(frozen=True)
class Weight:
    """An urgency and where to."""

    level: int
    destinations: frozenset[str]


@dataclass(frozen=True)
class Row(Weight):
    """Signs and what they come to when all of them are yes. It can be read as a rule, too."""

    id: str
    all_of: tuple[str, ...]
    if_unknown: Weight | None
    says: str
    modifier: bool
    """It counts only beside another sign."""


@dataclass(frozen=True)
class ReferenceRules:
    """The reference in the shape of a rule set."""

    questions: Mapping[str, Question]
    rules: tuple[Row, ...]
    base: Weight
    no_symptom: Weight


@dataclass(frozen=True)
class Expected:
    """Everything the reference asks of a rule set."""

    rows: tuple[Row, ...]
    """What to look at."""
    every_row: tuple[Row, ...]
    base: Weight
    no_symptom: Weight
    former: Mapping[str, int]
    """Id of a question that was split -> its floor."""
    causes: Mapping[str, tuple[str, ...]]

    def together(self, signs: Collection[str]) -> Weight:
        """Return what these signs come to when they are yes and all else is no."""
        met: list[Weight] = [row for row in self.every_row if not row.modifier and set(row.all_of) <= set(signs)]
        met = met or [self.base]
        level = max(weight.level for weight in met)
        everywhere = frozenset[str]().union(*(weight.destinations for weight in met))
        return Weight(level, everywhere - {"spine"} if level >= RED_FLAG else everywhere)

    def about(self, questions: Collection[str]) -> Expected:
        """Return the same, to be looked at only where a slip about these questions shows first."""
        return replace(
            self,
            rows=tuple(row for row in self.rows if not set(questions).isdisjoint(row.all_of)),
            causes={name: signs for name, signs in self.causes.items() if not set(questions).isdisjoint(signs)},
        )

    def as_rules(self, questions: Mapping[str, Question]) -> ReferenceRules:
        """Return the rows as rules over these questions, for z3 to compare."""
        rows = tuple(row for row in self.every_row if not row.modifier)
        return ReferenceRules(questions, rows, self.base, self.no_symptom)


def read_expected() -> Expected:
    """Read the file beside this one."""
    file = tomllib.loads(Path(__file__).with_name("expected.toml").read_text())
    unknown = {int(level): _weight(entry) for level, entry in file["unknown"].items()}
    alone = [_row(name, {"signs": [name]} | entry, unknown) for name, entry in file["signs"].items()]
    joined = [_row(name, entry, unknown) for name, entry in file["together"].items()]
    return Expected(
        rows=(*alone, *joined),
        every_row=(*alone, *joined),
        base=_weight(file["base"]),
        no_symptom=_weight(file["no_symptom"]),
        former=file["former"],
        causes={name: tuple(signs) for name, signs in file["causes"].items()},
    )


def _weight(entry: Mapping[str, Any]) -> Weight:
    return Weight(entry["level"], frozenset(entry["to"]))


def _row(name: str, entry: Mapping[str, Any], unknown: Mapping[int, Weight]) -> Row:
    to = frozenset(entry["to"])
    return Row(
        level=entry["level"],
        destinations=to,
        id=name,
        all_of=tuple(entry["signs"]),
        if_unknown=Weight(entry["unknown"], to) if "unknown" in entry else unknown.get(entry["level"]),
        says=entry.get("says", ""),
        modifier=entry.get("modifier", False),
    )
