"""Rows of the table for the last words: heard to their end, cut by a fault, or followed by a transfer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicebot.dialog import closing
from voicebot.dialog.events import Event, TransferEnded, TransferOutcome

if TYPE_CHECKING:
    from voicebot.dialog.handler import Result
    from voicebot.dialog.state import State
    from voicebot.triage.ruleset import RuleSet


def played(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Note that the last words were heard to their end."""
    return replace(state, played=True), ()


def operator_at_the_end(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Fetch a person after the last words, never instead of them."""
    return closing.person_after_all(ruleset, state)


def fault_at_the_end(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Something broke during the last words: they are said again if they were cut, and whoever is next is tried."""
    again = () if state.played else state.closing[:-1]
    state, effects = closing.after_transfer(state, TransferOutcome.FAILED)
    return state, (*again, *effects)


def transfer_ended(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go on by how the transfer ended."""
    assert isinstance(event, TransferEnded)
    return closing.after_transfer(state, event.outcome)
