"""Rows of the table for somebody who calls again soon after a call that came to no end: go on, or begin anew.

Somebody else may be on that telephone, so nothing is said about the earlier call. Of its answers only those are taken
over that can raise no urgent flag: every red-flag question, and all that the gate asks, is asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.advancing import advance
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.inputs import Input
from voicebot.dialog.state import State, Step
from voicebot.triage.levels import RED_FLAG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet

_UNFINISHED = frozenset(
    {
        Step.SCREEN,
        Step.READ_BACK,
        Step.FOR_SELF,
        Step.ABOUT_PATIENT,
        Step.ADULT,
        Step.CONSENT,
        Step.NUMBER,
        Step.OTHER_NUMBER,
    }
)
"""Steps in the middle of the questions."""


def to_take_over(ruleset: RuleSet, state: State) -> Mapping[str, Answer] | None:
    """Return the answers of a call left in `state` that another may go on with; None when there is no going on.

    There is none after advice, after a transfer, or when the caller spoke of suicide: such a call begins anew.
    """
    if state.open_step not in _UNFINISHED or state.crisis or not state.answers:
        return None
    return _standing(ruleset, state.answers)


def _go_on(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Take over what was known, whatever this rule set asks; the rest is asked."""
    known = _standing(ruleset, state.earlier)
    return advance(ruleset, replace(state, answers=known, earlier={}), before=("going_on",))


def _standing(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """Return those of `answers` that stand on another call: to questions that are known, and no red flags."""
    levels = {question.id: question.level for question in ruleset.questions.values()}
    return {question: answer for question, answer in answers.items() if levels.get(question, RED_FLAG) < RED_FLAG}


def _begin_anew(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    state = replace(state, step=Step.TOPIC, earlier={}, failed=0, unsure=0)
    return state, ask(state)


GOING_ON: Mapping[Input, Handler] = {
    Input.YES: _go_on,
    Input.NO: _begin_anew,
    Input.UNSURE: _begin_anew,
    Input.DECLINED: _begin_anew,
}
