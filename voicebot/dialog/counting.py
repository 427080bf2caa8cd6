"""How many questions are left, when a caller asks. A guess told as one: every other answer changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import gate
from voicebot.dialog.asking import next_asking, take_answer
from voicebot.dialog.changing import replace
from voicebot.dialog.state import READ_BACK_LEVEL, State, Step
from voicebot.triage.answers import Answer

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet

EXACT_TO = 5
ROUNDED_TO = 5
AT_MOST = 40
LEFT = tuple(f"left.{count}" for count in (*range(1, EXACT_TO + 1), *range(EXACT_TO * 2, AT_MOST + 1, ROUNDED_TO)))
"""Prompt ids of all that may be told."""
_AFTERWARDS = {
    Step.CALL_BACK: 2,
    Step.CALL_BACK_TIME: 1,
    Step.WILL_CALL: 1,
    Step.WITH_PATIENT: 1,
    Step.PLACE_CONSENT: 1,
    Step.STAYING: 1,
}
"""Questions left once the rules are done with, or do not matter any more."""


def how_many_left(ruleset: RuleSet, state: State) -> str:
    """Return the prompt id that tells about how many questions are left, the open one among them."""
    count = questions_left(ruleset, state)
    if count > EXACT_TO:
        count = -(-count // ROUNDED_TO) * ROUNDED_TO
    return f"left.{min(max(count, 1), AT_MOST)}"


def questions_left(ruleset: RuleSet, state: State) -> int:
    """Return what is asked, read-backs included, if the caller answers the rest with "no", as most do to most."""
    if state.step in _AFTERWARDS:
        return _AFTERWARDS[state.step]
    count = len(gate.due(state))
    state = replace(state, asking=state.asking or next_asking(ruleset, state))
    while (asking := state.asking) is not None:
        count += 2 if asking.grouped and asking.level >= READ_BACK_LEVEL else 1
        answers, drilling = take_answer(ruleset, state, Answer.NO)
        state = replace(state, answers=answers, drilling=drilling)
        state = replace(state, asking=next_asking(ruleset, state))
    return count
