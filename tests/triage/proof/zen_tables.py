"""A second evaluator: GoRules' zen engine over decision tables made from the rule set's file.

Shares no code with voicebot: the file is read here once more. A table collects every row that matches. zen takes a
missing or misspelled answer for no match, so only complete states are handed to it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import zen
from ruamel.yaml import YAML

from tests.triage.proof.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Entry = dict[str, Any]
RED_FLAG = 3
ANSWERS = frozenset({"yes", "no", "unknown", "declined", "not_asked"})
IN_DOUBT = ("unknown", "declined")


class ZenEvaluator:
    """Decides many states in one go. Raises ValueError for a state that is not complete."""

    def __init__(self, rule_file: str) -> None:
        file = YAML(typ="safe", pure=True).load(rule_file)
        self._may_stay_open = {
            entry["id"]: "asked_if" in entry or entry.get("asked_by") == "nobody" for entry in file["questions"]
        }
        self._fallbacks: dict[bool, Entry] = {True: file["no_symptom"], False: file["base"]}
        rows = [row for rule in file["rules"] for row in _rows(rule)]
        self._outcomes = [outcome for _, outcome in rows]
        self._table = zen.ZenEngine().create_decision(_graph(list(self._may_stay_open), [cells for cells, _ in rows]))

    def decide(self, states: Sequence[Mapping[str, str]]) -> list[Outcome]:
        """Return the outcome of every state, in order."""
        if any(
            state.keys() != self._may_stay_open.keys() or not ANSWERS.issuperset(state.values()) for state in states
        ):
            raise ValueError("a state lacks an answer, or has one that is none of the five")
        hits = self._table.evaluate({"states": [dict(state) for state in states]})["result"]["out"]
        return [
            self._sum_up([self._outcomes[hit["row"]] for hit in found] or [self._fallback(state)])
            for state, found in zip(states, hits, strict=True)
        ]

    def _fallback(self, state: Mapping[str, str]) -> Entry:
        nothing = all(
            answer == "no" or (answer == "not_asked" and self._may_stay_open[name]) for name, answer in state.items()
        )
        return self._fallbacks[nothing]

    @staticmethod
    def _sum_up(found: list[Entry]) -> Outcome:
        urgency = max(outcome["level"] for outcome in found)
        stricter = [outcome["stricter"] for outcome in found if outcome.get("stricter", 0) >= RED_FLAG]
        places = frozenset(place for outcome in found for place in outcome["destinations"])
        places -= {"spine"} if urgency >= RED_FLAG else set()
        return Outcome(urgency, places, bool(stricter), max([urgency, *stricter]))


def _rows(rule: Entry) -> Iterable[tuple[Mapping[str, Iterable[str]], Entry]]:
    """Yield a row for "all yes", and one for each question that may be the one in doubt."""
    signs = rule["all_of"]
    yield {sign: ["yes"] for sign in signs}, {"level": rule["level"], "destinations": rule["destinations"]}
    if "if_unknown" in rule:
        for doubted in signs:
            cells = {sign: IN_DOUBT if sign == doubted else ("yes", *IN_DOUBT) for sign in signs}
            yield cells, {**rule["if_unknown"], "stricter": rule["level"]}


def _graph(questions: Iterable[str], rows: Iterable[Mapping[str, Iterable[str]]]) -> str:
    """Return the decision in zen's own JSON: states in, a table over each of them, the numbers of the rows met out."""
    table = {
        "hitPolicy": "collect",
        "executionMode": "loop",
        "inputField": "states",
        "outputPath": "out",
        "passThrough": False,
        "inputs": [{"id": f"in-{name}", "name": name, "field": name} for name in questions],
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": [
            {"_id": f"row-{number}", "row": str(number)}
            | {f"in-{name}": ",".join(f'"{answer}"' for answer in answers) for name, answers in cells.items()}
            for number, cells in enumerate(rows)
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b} for a, b in (("in", "table"), ("table", "out"))]
    return json.dumps({"nodes": nodes, "edges": edges})
