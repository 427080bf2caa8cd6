"""Rows of the table until the first question of the rule set: the call comes in, is greeted, and is about a leg or not.

Here too: going on after a lost line, which puts the open question again on whatever channel is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing
from voicebot.dialog.advancing import advance
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.events import CallStarted, Connected, Event
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet


def started(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Note what the carrier told about the call."""
    assert isinstance(event, CallStarted)
    return replace(
        state,
        closed=event.closed,
        number_shown=event.number_shown,
        returning=bool(event.earlier_call),
        earlier=event.earlier_answers,
    ), ()


def greet(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Greet, and ask what the call is about, or whether to go on with the one before it."""
    assert isinstance(event, Connected)
    state = replace(state, step=Step.GOING_ON if state.returning else Step.TOPIC, channel=event.channel)
    return state, ask(state, before=("greeting", "greeting.spanish"))


def topic_yes(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The call is about a leg: begin with the questions."""
    return advance(ruleset, state, before=("intro_questions",))


def topic_no(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The call is about something else: the front desk."""
    return closing.to_front_desk(ruleset, state, "other_topic")


def reconnect(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go on at the open question on whatever channel is left."""
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, ask(state, before=("resumed",))


def close_again(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Say the last words once more if they were cut, then do what follows them."""
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, state.closing[-1:] if state.played else state.closing
