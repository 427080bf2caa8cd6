"""Where the call goes next: the next question, what must be asked on the way to it, or the decision. No handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, gate
from voicebot.dialog.asking import ask, next_asking
from voicebot.dialog.changing import replace
from voicebot.dialog.state import State, Step
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet


def advance(ruleset: RuleSet, state: State, before: tuple[str, ...] = ()) -> Result:
    """Ask the next question of the rule set, or what the gate asks on the way to it, or close with the decision."""
    asking = next_asking(ruleset, state)
    state = replace(state, step=Step.SCREEN, asking=asking, failed=0, unsure=0)
    if asking is None:
        return closing.decided(ruleset, state)
    if asking.level < Urgency.CALL_911 and (gate_steps := gate.due(state)):
        state = replace(state, step=gate_steps[0])
    return state, ask(state, before=before)
