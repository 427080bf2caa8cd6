"""Rows of the table for a question of the rule set: its answer, and a "no" to several red flags that is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.advancing import advance
from voicebot.dialog.asking import ask, take_answer
from voicebot.dialog.changing import replace
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import READ_BACK_LEVEL, State, Step
from voicebot.triage.answers import Answer
from voicebot.triage.levels import RED_FLAG

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet

_ANSWERS: dict[Meaning, Answer] = {
    Meaning.YES: Answer.YES,
    Meaning.NO: Answer.NO,
    Meaning.UNSURE: Answer.UNKNOWN,
    Meaning.DECLINED: Answer.DECLINED,
}


def answer(meaning: Meaning) -> Handler:
    """Return the handler that takes `meaning` as the answer to the open question."""

    def handler(ruleset: RuleSet, state: State, _event: Event) -> Result:
        asking = state.asking
        assert asking is not None
        if meaning is Meaning.UNSURE and asking.level >= RED_FLAG and not state.unsure:
            state = replace(state, unsure=1)
            return state, ask(state, suffix=".again")
        if meaning is Meaning.NO and asking.grouped and asking.level >= READ_BACK_LEVEL:
            state = replace(state, step=Step.READ_BACK, failed=0)
            return state, ask(state)
        return _take(ruleset, state, _ANSWERS[meaning])

    return handler


def _take(ruleset: RuleSet, state: State, answer: Answer) -> Result:
    """Store `answer`, remember the way back, go on."""
    assert state.asking is not None
    answers, drilling = take_answer(ruleset, state, answer)
    return advance(
        ruleset,
        replace(state, answers=answers, drilling=drilling, trail=(*state.trail, state.way_back(Step.SCREEN))),
    )


def read_back_yes(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The "no" to all of them stands."""
    return _take(ruleset, state, Answer.NO)


def read_back_no(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The "no" does not stand: every item is asked by itself."""
    assert state.asking is not None
    return advance(
        ruleset, replace(state, drilling=state.asking.ids, trail=(*state.trail, state.way_back(Step.SCREEN)))
    )
