"""A doubtful answer that is confirmed or not, and the way back to a question answered before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.events import Event, Heard
from voicebot.dialog.failing import failed_turn
from voicebot.dialog.inputs import meant_here
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet


def doubtful(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Read back what was heard with doubt."""
    assert isinstance(event, Heard)
    assert event.meaning is not None
    doubt = meant_here(state, event.meaning)
    state = replace(state, step=Step.CONFIRM, resume_step=state.step, doubt=doubt)
    return state, ask(state)


def not_confirmed(ruleset: RuleSet, state: State, event: Event) -> Result:
    """The doubtful answer was none: a failed turn."""
    return failed_turn(ruleset, replace(state, step=state.resume_step, doubt=None), event)


def ask_anew(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Leave a confirmation or read-back and put its question again."""
    state = replace(state, step=state.resume_step if state.doubt else Step.SCREEN, doubt=None)
    return state, ask(state)


def back(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Reopen the question answered last."""
    if not state.trail:
        return state, ask(state, before=("back.none",))
    last = state.trail[-1]
    state = replace(
        state,
        step=last.step,
        asking=last.asking,
        answers=last.answers,
        drilling=last.drilling,
        gate=last.gate,
        consent=last.consent,
        call_back_offered=False,
        if_nobody="",
        trail=state.trail[:-1],
        doubt=None,
        failed=0,
        unsure=0,
    )
    return state, ask(state, before=("back.done",))
