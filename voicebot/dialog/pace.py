"""Rows of the table for a caller who asks for another manner: slower speech, more time, how long it will still take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.counting import how_many_left

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Result
    from voicebot.dialog.state import State
    from voicebot.triage.ruleset import RuleSet


def slower(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Speak more slowly for the rest of the call, the open question first."""
    state = replace(state, slow=True)
    return state, ask(state)


def relay(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Wait longer for the rest of the call: somebody types for the caller, or the caller needs time."""
    state = replace(state, unhurried=True)
    return state, ask(state, before=("relay.noted",))


def left(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Tell about how many questions are left, then put the open one again."""
    return state, ask(state, before=(how_many_left(ruleset, state),))
