"""The gate: what is asked beside the rules, once, after the emergency questions. Which of it is due, and its answers.

For whom the caller calls, whether the patient is of age, consent to recording, the number to call back. Each question
is skipped when its answer is known or cannot matter. A minor is put to a person: the rules are for adults. The wording
is manner.py's, the way on to the next question advancing.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.changing import replace
from voicebot.dialog.events import Channel
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = frozenset({Step.FOR_SELF, Step.ABOUT_PATIENT, Step.ADULT, Step.CONSENT, Step.NUMBER, Step.OTHER_NUMBER})
"""Steps at which the open question is the gate's, not the rule set's."""

_DUE: tuple[tuple[Step, Callable[[State], bool]], ...] = (
    (Step.FOR_SELF, lambda state: state.gate.for_self is None),
    (Step.ABOUT_PATIENT, lambda state: state.for_patient and state.gate.about_patient is None),
    (Step.ADULT, lambda state: state.gate.adult is None),
    (Step.CONSENT, lambda state: state.consent is None and state.channel is not Channel.WEB),
    (Step.NUMBER, lambda state: state.gate.number is None and state.number_shown and state.channel is not Channel.WEB),
)
"""What is asked, in order, and when. The web form has no sound to record and no number."""


def due(state: State) -> tuple[Step, ...]:
    """Return what the gate still has to ask, in order."""
    return tuple(step for step, is_due in _DUE if is_due(state))


def passed(state: State, **facts: bool) -> State:
    """Return the state with these facts of the gate, and the way back to its question."""
    return replace(state, gate=replace(state.gate, **facts), trail=(*state.trail, state.way_back(state.step)))
