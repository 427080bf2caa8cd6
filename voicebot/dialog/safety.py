"""What a call in danger has that others have not: staff are paged, no cap ends it, and nobody who leaves is forgotten.

Decides on pages and caps alone; what is said stands in closing.py, emergency.py and staying.py. No handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.changing import replace
from voicebot.dialog.effects import CallBack, Effect, PageReason, PageStaff, PreferredTime
from voicebot.dialog.events import Channel, Fault
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.triage.engine import decide
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet

PAGED_LEVEL = Urgency.EMERGENCY_ROOM
"""Staff are paged when somebody at this urgency or above leaves before anybody could help."""
_IN_DANGER = frozenset({"advice.call_911", "advice.emergency_room", "suicide.heard"})
"""Advice that stands when nobody takes the call -> the caller is at PAGED_LEVEL or above."""


MAX_CALL_MS = 15 * 60 * 1000
"""A call longer than this goes to a person."""


def too_long(state: State, now_ms: int) -> Fault | None:
    """Return the fault of a call that is in this state `now_ms` after its beginning, if that is too long."""
    return Fault(now_ms, "call_too_long") if now_ms >= MAX_CALL_MS and not exempt_from_caps(state) else None


def exempt_from_caps(state: State) -> bool:
    """Return whether no limit on the length or number of calls may end or refuse this call.

    Whoever spoke of suicide is never hung up on for taking long; see staying.py for what does end such a call.
    """
    return state.crisis


def page(state: State, reason: PageReason) -> tuple[State, tuple[Effect, ...]]:
    """Return what pages staff, once for each reason on a call. Nobody can be helped through the web form."""
    if reason in state.paged or state.channel is Channel.WEB:
        return state, ()
    return replace(state, paged=state.paged | {reason}), (PageStaff(reason),)


def nobody_took_it(state: State) -> tuple[State, tuple[Effect, ...]]:
    """Return what is noted when nobody took the call of somebody who cannot wait: a page, and a call back at once."""
    if not state.if_nobody:
        return state, ()
    state, paged = page(state, PageReason.NOT_TAKEN)
    return state, (*_soon(state), *paged)


def left_waiting(state: State) -> tuple[State, tuple[Effect, ...]]:
    """Return what is noted when the caller leaves while somebody is fetched; `if_nobody` tells how bad it is."""
    if not state.if_nobody:
        return state, ()
    paged: tuple[Effect, ...] = ()
    if state.if_nobody in _IN_DANGER:
        state, paged = page(state, PageReason.CALLER_GONE)
    return state, (*_soon(state), *paged)


def left_unadvised(ruleset: RuleSet, state: State) -> tuple[State, tuple[Effect, ...]]:
    """Return what is noted when the caller leaves at a question: what they had told may already be an emergency.

    Whoever leaves at "will you call now?" or after it does what they were just told, so nobody is paged for that; nor
    when they leave while their yes to it is read back.
    """
    at = state.open_step if state.doubt is Meaning.YES else state.step
    if at in {Step.WILL_CALL, Step.WITH_PATIENT} and not state.crisis:
        return state, ()
    if state.if_nobody in _IN_DANGER:
        return left_waiting(state)
    decision = decide(ruleset, state.answers) if state.answers else None
    if decision is None or max(decision.urgency, decision.urgency_if_no_person) < PAGED_LEVEL:
        return state, ()
    state, paged = page(state, PageReason.CALLER_GONE)
    return state, (*_soon(state), *paged)


def _soon(state: State) -> tuple[Effect, ...]:
    return (CallBack(PreferredTime.SOON),) if state.number_shown else ()
