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
    asks_beside = gate.due(state) if asking is not None and asking.level < Urgency.CALL_911 else ()
    step = asks_beside[0] if asks_beside else Step.SCREEN
    state = replace(state, step=step, asking=asking, failed=0, unsure=0)
    return closing.decided(ruleset, state) if asking is None else (state, ask(state, before=before))
