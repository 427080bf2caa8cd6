"""Rows of the table for the last words: heard to their end, cut by a fault, or followed by a transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, safety, staying
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import HangUp, Transfer
from voicebot.dialog.events import Channel, Event, KeyPressed, TransferEnded, TransferOutcome
from voicebot.dialog.inputs import Input
from voicebot.dialog.state import State, Step
from voicebot.routing.fallbacks import WHY
from voicebot.routing.whom import next_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.dialog.effects import Effect
    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet


def played(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Note that the last words were heard to their end."""
    return replace(state, played=True), ()


def again(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Say the last words once more, if they are still being said."""
    return (state, ()) if state.played else (state, state.closing)


def again_slower(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Say the last words once more, and slower."""
    return again(ruleset, replace(state, slow=True), event)


def operator_at_the_end(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Fetch a person after the last words, never instead of them; whom they lead to anyway, they do."""
    state, effects = closing.person_after_all(ruleset, state)
    return (state, effects) if effects else _key(ruleset, state, event)


def _key(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Say the last words again: turn by turn a key has cut them off, whatever it means. Words cut nothing off."""
    cut = isinstance(event, KeyPressed) and state.channel is Channel.TURNS
    return again(ruleset, state, event) if cut else (state, ())


def fault_at_the_end(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Something broke during the last words: they are said again if they were cut, and whoever is next is tried."""
    again = () if state.played else state.closing[:-1]
    state, effects = _after_transfer(state, TransferOutcome.FAILED)
    return state, (*again, *effects)


def transfer_ended(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go on by how the transfer ended."""
    assert isinstance(event, TransferEnded)
    return _after_transfer(state, event.outcome)


def hung_up(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The caller hung up during the last words or while it rang: staff call back at once if it cannot wait.

    The carrier tells this in two ways, and either may come first; a caller whom somebody took has been helped.
    """
    noted: tuple[Effect, ...] = ()
    if isinstance(state.closing[-1], Transfer) and not state.taken:
        state, noted = safety.left_waiting(state)
    return replace(state, step=Step.OVER), noted


def _after_transfer(state: State, outcome: TransferOutcome) -> Result:
    """A transfer ended: nobody there means the next person, and at last the stricter advice. Never silence.

    When nobody took a call that cannot wait, or the caller left before anybody could, staff are told. Whoever spoke of
    suicide is not hung up on.
    """
    last = state.closing[-1]
    if outcome is TransferOutcome.ANSWERED or not isinstance(last, Transfer):
        return replace(state, step=Step.OVER), (HangUp(),)
    if outcome is TransferOutcome.CALLER_GONE:
        state, noted = safety.left_waiting(state)
        return replace(state, step=Step.OVER), (*noted, HangUp())
    if state.channel is Channel.STREAM:
        state = replace(state, channel=Channel.TURNS)  # the stream ended before the transfer began
    stricter = (state.if_nobody,) if state.if_nobody else ()
    words = (*stricter, WHY[outcome])
    if target := next_after(last.target, state.closed):
        return closing.close(state, (), (*words, "transfer.try_front_desk"), Transfer(target), state.if_nobody)
    state, noted = safety.nobody_took_it(state)
    if state.crisis:
        return staying.stay(state, noted, outcome)
    if stricter:
        return closing.close(state, noted, (*words, "transfer.failed_urgent", "goodbye"), HangUp(), "")
    return closing.offer_call_back(state, (), words, "transfer.nobody")


KEYS_ALONE: Mapping[Input, Handler] = dict.fromkeys(
    (Input.YES, Input.NO, Input.UNSURE, Input.RELAY, Input.BACK, Input.HELP, Input.LEFT), _key
)
"""What has no meaning any more when the last words are said."""
