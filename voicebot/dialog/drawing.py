"""The dialog's table as a page: where calls go, drawn, and every cell. Made from TABLE by trying it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from voicebot.dialog.inputs import Input
from voicebot.dialog.machine import ANYWHERE, TABLE
from voicebot.dialog.state import Step
from voicebot.dialog.survey import survey

if TYPE_CHECKING:
    from voicebot.dialog.survey import Move
    from voicebot.triage.ruleset import RuleSet

ANY = "any_question"
"""Stands for every step that shares the rows of ANYWHERE."""
STAYS = "stays"
IN_DOUBT = "the question in doubt"
_NOT_DRAWN = frozenset({Input.BACK, Input.TAKEN_BACK})
"""They lead to the question before, wherever that was."""
_HEAD = f"""# The dialog's table

Where a call goes from each step, found by putting every event to every kind of call. Made by `voicebot dialog page`
from the table in `voicebot/dialog/machine.py`: change that, not this page. An input that is not listed for a step
changes nothing there. `{ANY}` stands for every step at which a question is open; what a step does otherwise is told
for it alone.

Not drawn: `back` and `taken_back`, which lead to the question answered last, what leaves a call where it is, and where
a confirmed answer leads, which is where the answer itself leads."""

Cells = dict[tuple[str, Input], set[str]]


def page(ruleset: RuleSet) -> str:
    """Return the page in Markdown, with a Mermaid drawing."""
    cells = _cells(ruleset)
    return "\n\n".join([_HEAD, _drawing(cells), "## Every cell", _rows(cells)]) + "\n"


def _cells(ruleset: RuleSet) -> Cells:
    """Return where each cell leads; those of ANYWHERE are told once for all steps that share them."""
    cells: Cells = defaultdict(set)
    for move in survey(ruleset):
        step, found = move.before.step, move.input
        shared = TABLE[step][found] is ANYWHERE.get(found) and ANYWHERE.keys() <= TABLE[step].keys()
        cells[ANY if shared else step.value, found].add(_leads_to(move, shared=shared))
    return cells


def _leads_to(move: Move, *, shared: bool) -> str:
    if move.after.step is move.before.step:
        return STAYS
    if not shared and move.before.step is Step.CONFIRM and move.after.step is move.before.resume_step:
        return IN_DOUBT
    return move.after.step.value


def _drawing(cells: Cells) -> str:
    edges: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (step, found), leads in _sorted(cells):
        for to in sorted(leads - {STAYS}):
            if found not in _NOT_DRAWN and step != Step.CONFIRM:
                edges[step, to].append(found.value)
    lines = [f"  {step} --> {to}: {', '.join(inputs)}" for (step, to), inputs in edges.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"  [*] --> {Step.RINGING}", *lines, "```"])


def _rows(cells: Cells) -> str:
    rows = [f"| {step} | {found} | {', '.join(sorted(leads))} |" for (step, found), leads in _sorted(cells)]
    return "\n".join(["| step | input | leads to |", "|---|---|---|", *rows])


def _sorted(cells: Cells) -> list[tuple[tuple[str, Input], set[str]]]:
    steps, inputs = [ANY, *Step], list(Input)
    return sorted(cells.items(), key=lambda cell: (steps.index(cell[0][0]), inputs.index(cell[0][1])))
