"""How a call ends: the decision put into words, who takes over, and what is said when nobody does.

Urgency 3 and above never leads to scheduling; a decision that is not complete leads to a person. The line never dials
the emergency number: it tells the caller to. Who is rung at this hour is voicebot.routing's to say; what a caller is
advised never depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import gate, safety
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    Effect,
    HangUp,
    PageReason,
    PreferredTime,
    Say,
    Target,
    Transfer,
)
from voicebot.dialog.events import Channel
from voicebot.dialog.state import State, Step
from voicebot.routing.whom import Need, whom
from voicebot.triage.answers import Answer
from voicebot.triage.engine import Decision, decide
from voicebot.triage.levels import RED_FLAG, Destination, Urgency
from voicebot.triage.trace import trace

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet

Result = tuple[State, tuple[Effect, ...]]

MAX_REASONS = 2
"""Reasons read back; more would bury the advice."""
CALL_911 = "advice.call_911"
SUICIDE_HEARD = "suicide.heard"
"""Prompt ids of the two pieces of advice that stand whatever the rules decide."""
SUICIDE = "suicide"
"""The question that is never asked: talk of suicide answers it, and until someone has asked whether the caller is in
danger now, the answer is unknown, which weighs as much as yes."""

_NEEDS = {"other_topic": Need.CAN_WAIT, "to_person.asked": Need.PERSON}
"""What is said on the way to the front desk -> how much the caller needs it now; all else cannot wait."""
_WHILE_CLOSED = {"other_topic": "other_topic.closed"}
"""What is said on the way to the front desk -> what is said before telling that it is closed."""
_HEARD = {CALL_911: "whisper.call_911", SUICIDE_HEARD: "whisper.suicide"}
"""What is said to whoever spoke of an emergency or of suicide, whatever the rules decide -> what staff are told."""


def decided(ruleset: RuleSet, state: State) -> Result:
    """Close with what the rules decided; advice that cannot wait comes before its reasons, and again after them."""
    decision = decide(ruleset, state.answers)
    advice, why = f"advice.{decision.level}", ("read_back.intro", *_reasons(decision))
    prompts = (advice, *why, advice) if decision.urgency >= Urgency.EMERGENCY_ROOM else (*why, advice)
    wanted: Target | None = None
    match decision.urgency:
        case Urgency.CALL_911:
            pass
        case Urgency.EMERGENCY_ROOM | Urgency.SAME_DAY:
            prompts += ("advice.call_911_if",)
            if decision.live_person or decision.urgency is Urgency.SAME_DAY:
                wanted = Target.NURSE
        case urgency if urgency is Urgency.SELF_CARE or not decision.complete:
            # Whoever calls about a leg has a symptom, even one that no question found.
            wanted = Target.FRONT_DESK
        case Urgency.SPINE_SCHEDULING:
            prompts += ("advice.call_911_if",)
            wanted = Target.SCHEDULING
        case _:
            if Destination.PHARMACIST in decision.destinations:
                prompts += ("medicine_note",)
            prompts += ("advice.call_911_if", "disclaimer", "goodbye")
    record: tuple[Effect, ...] = (_record(ruleset, state, decision),)
    if_nobody = _stricter(decision)
    if decision.urgency is Urgency.CALL_911 and state.channel is not Channel.WEB:
        return _told_to_call(state, record, prompts)
    if wanted is None:
        return close(state, record, prompts, HangUp(), if_nobody)
    record += (_brief(decision, f"whisper.{decision.level}" if decision.complete else "whisper.unfinished"),)
    need = Need.CAN_WAIT if decision.complete and not if_nobody else Need.NOW
    target = whom(wanted, need, state.closed)
    if target is None:
        return offer_call_back(state, record, (*prompts, f"closed.{wanted}"), "call_again")
    return close(state, record, (*prompts, f"transfer.{target}"), Transfer(target), if_nobody)


def to_front_desk(ruleset: RuleSet, state: State, prompt: str) -> Result:
    """Put the caller through to a person; advice that cannot wait is said first.

    Advice that stands whatever the rules decide is said again, is what staff are told, and stands when nobody answers.
    """
    decision = decide(ruleset, state.answers)
    told = _HEARD.get(state.if_nobody)
    if_nobody = state.if_nobody if told else _stricter(decision) or state.if_nobody
    need = Need.NOW if if_nobody or state.call_back_offered else _NEEDS.get(prompt, Need.NOW)
    target = whom(Target.FRONT_DESK, need, state.closed)
    record = (_record(ruleset, state, decision),) if state.answers else ()
    briefed = (*record, Brief(told) if told else _brief(decision, f"whisper.{prompt}"))
    if target is None:
        said = (_WHILE_CLOSED[prompt],) if prompt in _WHILE_CLOSED else ()
        return offer_call_back(state, briefed, (*said, f"closed.{Target.FRONT_DESK}"), "call_again")
    pressing = (if_nobody,) if told else _pressing(decision)
    return close(state, briefed, (*pressing, prompt), Transfer(target), if_nobody)


def not_understood(ruleset: RuleSet, state: State) -> Result:
    """Too many failed turns: the open question counts as unknown, and a person takes over.

    A caller who cannot be understood on an emergency question may be having a stroke. One who cannot be understood
    about a call back is called back.
    """
    asking = state.asking
    step = state.open_step
    if step in {Step.CALL_BACK, Step.CALL_BACK_TIME}:
        return call_back(state, PreferredTime.ANY)
    if asking is None or step in gate.STEPS:
        return to_front_desk(ruleset, state, "to_person.not_understood")
    answers = {**state.answers, **dict.fromkeys(asking.ids, Answer.UNKNOWN)}
    state = replace(state, answers=answers)
    decision = decide(ruleset, answers)
    unclear = ("to_person.unclear_red_flag",) if decision.live_person else ()
    wanted = Target.NURSE if decision.live_person else Target.FRONT_DESK
    return close(
        state,
        (_record(ruleset, state, decision), _brief(decision, "whisper.to_person.not_understood")),
        (*_pressing(decision), *unclear, "to_person.not_understood"),
        Transfer(whom(wanted, Need.NOW, state.closed) or wanted),
        _stricter(decision),
    )


def emergency(ruleset: RuleSet, state: State) -> Result:
    """The caller said that this is an emergency. One who spoke of suicide keeps the person who is being fetched."""
    if state.crisis and state.closing:
        advice = ("emergency.heard", CALL_911)
        return close(state, (), advice, state.closing[-1], state.if_nobody)
    record = (_record(ruleset, state, decide(ruleset, state.answers)),) if state.answers else ()
    return _told_to_call(state, record, ("emergency.heard", CALL_911))


def _told_to_call(state: State, record: tuple[Effect, ...], advice: tuple[str, ...]) -> Result:
    """Give the advice to call nine one one, then ask whether the caller will; see emergency.py."""
    state = replace(state, step=Step.WILL_CALL, drilling=(), doubt=None, failed=0, unsure=0, if_nobody=CALL_911)
    return state, (*record, *ask(state, before=advice))


def suicide(ruleset: RuleSet, state: State) -> Result:
    """Talk of suicide: the crisis line's number, and a person (988 is the US Suicide and Crisis Lifeline).

    Staff are paged, and from here on the line does not end the call by itself: see staying.py.
    """
    if SUICIDE in ruleset.questions:
        state = replace(state, answers={**state.answers, SUICIDE: Answer.UNKNOWN})
    record = (_record(ruleset, state, decide(ruleset, state.answers)),) if state.answers else ()
    state, paged = safety.page(replace(state, crisis=True, silences=0, doubt=None), PageReason.CRISIS)
    told = (*record, *paged, Brief("whisper.suicide"))
    return fetch(state, told, (SUICIDE_HEARD,), Target.FRONT_DESK, Need.NOW, SUICIDE_HEARD)


def person_after_all(ruleset: RuleSet, state: State) -> Result:
    """Put whoever asks for a person during the last words through after them, never instead of them.

    What cannot wait is told to whoever takes the call, and stands when nobody does.
    """
    words, ending = state.closing[0], state.closing[-1]
    if isinstance(ending, Transfer) or state.played or not isinstance(words, Say):
        return state, ()
    prompts = tuple(prompt for prompt in words.prompts if prompt != "goodbye")
    decision = decide(ruleset, state.answers)
    if_nobody = state.if_nobody or next((prompt for prompt in prompts if prompt in _HEARD), "") or _stricter(decision)
    told = f"whisper.{decision.level}" if decision.complete else "whisper.to_person.asked"
    brief = Brief(_HEARD[if_nobody]) if if_nobody in _HEARD else _brief(decision, told)
    target = whom(Target.FRONT_DESK, Need.NOW, state.closed) or Target.FRONT_DESK
    return close(state, (brief,), (*prompts, "to_person.asked"), Transfer(target), if_nobody)


def call_back_time(state: State) -> Result:
    """The caller wants to be called back: note it, whatever becomes of the call, and ask when."""
    state = replace(state, step=Step.CALL_BACK_TIME, failed=0, unsure=0)
    return state, (CallBack(PreferredTime.ANY), *ask(state))


def call_back(state: State, preferred: PreferredTime) -> Result:
    """Note the call back, tell the caller so, and end the call."""
    return _call_back(state, (), (), preferred)


def no_call_back(state: State) -> Result:
    """End the call of somebody who would rather not be called back."""
    return close(state, (), ("call_again", "goodbye"), HangUp(), "")


def fetch(
    state: State, record: tuple[Effect, ...], prompts: tuple[str, ...], wanted: Target, need: Need, if_nobody: str
) -> Result:
    """Say `prompts`, then put the caller through to whoever stands in for `wanted` at this hour, or to them."""
    target = whom(wanted, need, state.closed) or wanted
    return close(state, record, (*prompts, f"transfer.{target}"), Transfer(target), if_nobody)


def offer_call_back(state: State, record: tuple[Effect, ...], before: tuple[str, ...], if_impossible: str) -> Result:
    """Ask whether staff may call back; who cannot be called back hears the prompt `if_impossible`.

    Nobody is asked twice: a caller who asked for a person instead, and whom nobody took, is called back.
    """
    if not state.can_be_called:
        return close(state, record, (*before, if_impossible, "goodbye"), HangUp(), "")
    if state.call_back_offered:
        return _call_back(state, record, before, PreferredTime.ANY)
    state = replace(state, step=Step.CALL_BACK, asking=None, drilling=(), failed=0, unsure=0, call_back_offered=True)
    return state, (*record, *ask(state, before=before))


def _call_back(state: State, record: tuple[Effect, ...], before: tuple[str, ...], preferred: PreferredTime) -> Result:
    words = (*before, f"call_noted.{preferred}", "goodbye")
    return close(state, (*record, CallBack(preferred)), words, HangUp(), "")


def close(state: State, record: tuple[Effect, ...], prompts: tuple[str, ...], ending: Effect, if_nobody: str) -> Result:
    """Say the last words, then do what ends the call; `if_nobody` is the advice that stands when nobody takes it."""
    last_words: tuple[Effect, ...] = (Say(prompts, interruptible=False), ending)
    state = replace(state, step=Step.CLOSING, closing=last_words, played=False, taken=False, if_nobody=if_nobody)
    return state, (*record, *last_words)


def _record(ruleset: RuleSet, state: State, decision: Decision) -> Decided:
    return Decided(decision.to_json(), trace(ruleset, state.answers).to_json())


def _brief(decision: Decision, otherwise: str) -> Brief:
    """Return what whoever takes the call is told: what cannot wait, or else `otherwise`."""
    if decision.live_person:
        return Brief("whisper.unclear")
    return Brief(f"whisper.{decision.level}" if decision.urgency >= RED_FLAG else otherwise)


def _reasons(decision: Decision) -> tuple[str, ...]:
    """Return the prompts of the rules that set the urgency, the first few."""
    top = [fired.id for fired in decision.rules if fired.urgency == decision.urgency]
    return tuple(f"rule.{rule_id}" for rule_id in top[:MAX_REASONS])


def _pressing(decision: Decision) -> tuple[str, ...]:
    return (f"advice.{decision.level}",) if decision.urgency >= Urgency.EMERGENCY_ROOM else ()


def _stricter(decision: Decision) -> str:
    """Return the advice that stands when nobody answers, if it cannot wait."""
    level = max(decision.urgency, decision.urgency_if_no_person)
    return f"advice.{level.label}" if level >= RED_FLAG else ""
