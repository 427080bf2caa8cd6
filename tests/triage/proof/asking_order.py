"""In which order a rule set may ask. Decides nothing about a caller."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.triage.proof.expected import Expected
    from voicebot.triage import RuleSet


def most_urgent_first(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """Nothing is asked before what is more urgent, but for follow-ups, what they hang on, and staff's questions."""
    moved = {trigger for question in ruleset.questions.values() for trigger in question.asked_if}
    moved |= {name for name, question in ruleset.questions.items() if question.asked_if or question.asked_by == "staff"}
    level = {row.all_of[0]: row.level for row in expected.every_row if len(row.all_of) == 1}
    order = [name for screen in ruleset.screens.values() for name in screen.questions]
    plain = [name for name in order if name not in moved]
    for before, after in pairwise(plain):
        if level[before] < level[after]:
            yield f"{before} is asked before {after}, which is more urgent"


def follow_ups_follow(ruleset: RuleSet, expected: Expected) -> Iterator[str]:
    """A follow-up comes after every question it hangs on."""
    order = [name for screen in ruleset.screens.values() for name in screen.questions]
    for name, question in ruleset.questions.items():
        for trigger in question.asked_if:
            if order.index(trigger) > order.index(name):
                yield f"{name} is asked before {trigger}"
