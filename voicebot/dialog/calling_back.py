"""Rows of the table for when nobody is there: the call back, whoever was rung, and the caller who leaves before that.

Handlers only; the words are closing.py's, whom to ring is voicebot.routing's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, ending
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import CallBack, Effect, PreferredTime
from voicebot.dialog.events import Event, StaffReplied, StaffReply
from voicebot.dialog.inputs import Input
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet


def _ask_time(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.call_back_time(state)


def _decline(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return closing.no_call_back(state)


def _note(preferred: PreferredTime) -> Handler:
    """Return the handler that notes a call back at this time of day."""

    def handler(_ruleset: RuleSet, state: State, _event: Event) -> Result:
        return closing.call_back(state, preferred)

    return handler


def _withdraw(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    state = replace(state, step=Step.CALL_BACK, failed=0)
    return state, (CallBack(PreferredTime.WITHDRAWN), *ask(state))


def _staff_replied(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, StaffReplied)
    return replace(state, taken=event.reply is StaffReply.ACCEPTED), ()


def standing(state: State, effects: Iterable[Effect]) -> PreferredTime | None:
    """Return the call back that stands in `state` after such `effects`; None when there is none."""
    noted = [effect.preferred for effect in effects if isinstance(effect, CallBack)]
    if not noted:
        return state.call_back
    return None if noted[-1] is PreferredTime.WITHDRAWN else noted[-1]


def restored(before: State, after: State) -> tuple[Effect, ...]:
    """Return what makes the call back that stood in `before` stand again instead of that in `after`."""
    if before.call_back is after.call_back:
        return ()
    return (CallBack(before.call_back or PreferredTime.WITHDRAWN),)


OFFERED: Mapping[Input, Handler] = {Input.YES: _ask_time, Input.NO: _decline}
TIME: Mapping[Input, Handler] = {
    Input.YES: _note(PreferredTime.MORNING),
    Input.NO: _note(PreferredTime.AFTERNOON),
    Input.UNSURE: _note(PreferredTime.ANY),
    Input.DECLINED: _note(PreferredTime.ANY),
    Input.BACK: _withdraw,
}
WAITING: Mapping[Input, Handler] = {Input.STAFF_REPLIED: _staff_replied, Input.HUNG_UP: ending.hung_up}
"""While the last words are said or it rings."""
