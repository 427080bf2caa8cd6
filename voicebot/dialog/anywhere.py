"""What means the same at every asking step, whatever was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, safety
from voicebot.dialog.asking import ask, help_of
from voicebot.dialog.changing import replace
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet


def nothing(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Change nothing and say nothing."""
    return state, ()


def repeat(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Put the open question once more."""
    return state, ask(state)


def explain(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Explain the open question, then put it again."""
    return state, ask(state, before=(help_of(state),))


def operator(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Put the caller through to a person: somebody asked for one."""
    return closing.to_front_desk(ruleset, state, "to_person.asked")


def staff_asked(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Put the caller through to a person: staff who watch the call asked for it."""
    return closing.to_front_desk(ruleset, state, "to_person.staff")


def emergency(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Advise to call nine one one: the caller said that this is an emergency."""
    return closing.emergency(ruleset, state)


def suicide(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Tell the crisis line's number and fetch a person: the caller spoke of suicide."""
    return closing.suicide(ruleset, state)


def fault(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Put the caller through to a person: something of ours broke."""
    return closing.to_front_desk(ruleset, state, "to_person.fault")


def hung_up(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """End the call: the caller is gone. What they had told may be more than can be left at that."""
    state, noted = safety.left_unadvised(ruleset, state)
    return replace(state, step=Step.OVER), noted
