"""A turn that failed: reprompt, then the keys, then a person; and an answer that was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import calling_back, closing, emergency, staying
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.events import Event, NoInput, SecondThought
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet

MAX_FAILED_TURNS = 3
"""Failed turns in a row, of any kind together, before a person takes over (practice: 2-3, with one combined cap)."""


_OWN_WAY = {
    Step.WILL_CALL: emergency.failed_turn,
    Step.WITH_PATIENT: emergency.elsewhere,
    Step.PLACE_CONSENT: emergency.no_place,
    Step.PLACE: emergency.no_place,
    Step.STAYING: staying.failed_turn,
}
"""Steps of a caller in danger, where a failed turn leads elsewhere."""


def failed_turn(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Count a failed turn: reprompt, then offer the keys, then a person."""
    if own_way := _OWN_WAY.get(state.step):
        return own_way(ruleset, state, event)
    failed = state.failed + 1
    if failed < MAX_FAILED_TURNS:
        state = replace(state, failed=failed)
        keys = ("keys_hint",) if failed > 1 else ()
        return state, ask(state, before=(_why_again(event, failed), *keys), suffix=".again")
    return closing.not_understood(ruleset, state)


def _why_again(event: Event, failed: int) -> str:
    match event:
        case SecondThought():
            return "taken_back"
        case NoInput():
            return f"no_input.{failed}"
        case _:
            return f"no_match.{failed}"


def taken_back(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go back to before the last answer; two answers that contradict each other are a failed turn.

    A call back is stored as soon as it is asked for, so it is put back as well.
    """
    if state.undo is None or state.undo.crisis is not state.crisis:  # talk of suicide cannot be taken back
        return state, ()
    before = replace(state.undo, channel=state.channel)
    after, effects = failed_turn(ruleset, before, event)
    return after, (*calling_back.restored(before, state), *effects)
