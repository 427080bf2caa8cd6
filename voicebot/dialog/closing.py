"""How a call ends: the decision put into words, who takes over, and what is said when nobody does.

Urgency 3 and above never leads to scheduling; a decision that is not complete leads to a person. The line never dials
the emergency number: it tells the caller to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Decided, Effect, HangUp, Say, Target, Transfer
from voicebot.dialog.events import TransferOutcome
from voicebot.dialog.state import State, Step
from voicebot.triage.answers import Answer
from voicebot.triage.engine import Decision, decide
from voicebot.triage.levels import RED_FLAG, Destination, Urgency
from voicebot.triage.trace import trace

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet

Result = tuple[State, tuple[Effect, ...]]

MAX_REASONS = 2
"""Reasons read back; more would bury the advice."""
SUICIDE = "suicide"
"""The question that is never asked: talk of suicide answers it, and until someone has asked whether the caller is in
danger now, the answer is unknown, which weighs as much as yes."""


def decided(ruleset: RuleSet, state: State) -> Result:
    """Close with what the rules decided; advice that cannot wait comes before its reasons, and again after them."""
    decision = decide(ruleset, state.answers)
    advice, why = f"advice.{decision.level}", ("read_back.intro", *_reasons(decision))
    prompts = (advice, *why, advice) if decision.urgency >= Urgency.EMERGENCY_ROOM else (*why, advice)
    ending: Effect = HangUp()
    match decision.urgency:
        case Urgency.CALL_911:
            pass
        case Urgency.EMERGENCY_ROOM | Urgency.SAME_DAY:
            prompts += ("advice.call_911_if",)
            if decision.live_person or decision.urgency is Urgency.SAME_DAY:
                prompts += ("transfer.nurse",)
                ending = Transfer(Target.NURSE)
        case urgency if urgency is Urgency.SELF_CARE or not decision.complete:
            # Whoever calls about a leg has a symptom, even one that no question found.
            prompts += ("transfer.front_desk",)
            ending = Transfer(Target.FRONT_DESK)
        case Urgency.SPINE_SCHEDULING:
            prompts += ("advice.call_911_if", "transfer.scheduling")
            ending = Transfer(Target.SCHEDULING)
        case _:
            if Destination.PHARMACIST in decision.destinations:
                prompts += ("medicine_note",)
            prompts += ("advice.call_911_if", "disclaimer", "goodbye")
    return _close(state, (_record(ruleset, state, decision),), prompts, ending, _stricter(decision))


def to_front_desk(ruleset: RuleSet, state: State, prompt: str) -> Result:
    """Put the caller through to a person; advice that cannot wait is said first."""
    decision = decide(ruleset, state.answers)
    return _close(
        state,
        (_record(ruleset, state, decision),) if state.answers else (),
        (*_pressing(decision), prompt),
        Transfer(Target.FRONT_DESK),
        _stricter(decision),
    )


def not_understood(ruleset: RuleSet, state: State) -> Result:
    """Too many failed turns: the open question counts as unknown, and a person takes over.

    A caller who cannot be understood on an emergency question may be having a stroke.
    """
    asking = state.asking
    if asking is None or state.step is Step.CONSENT:
        return to_front_desk(ruleset, state, "to_person.not_understood")
    answers = {**state.answers, **dict.fromkeys(asking.ids, Answer.UNKNOWN)}
    state = replace(state, answers=answers)
    decision = decide(ruleset, answers)
    unclear = ("to_person.unclear_red_flag",) if decision.live_person else ()
    return _close(
        state,
        (_record(ruleset, state, decision),),
        (*_pressing(decision), *unclear, "to_person.not_understood"),
        Transfer(Target.NURSE if decision.live_person else Target.FRONT_DESK),
        _stricter(decision),
    )


def emergency(ruleset: RuleSet, state: State) -> Result:
    """The caller said that this is an emergency."""
    record = (_record(ruleset, state, decide(ruleset, state.answers)),) if state.answers else ()
    return _close(state, record, ("emergency.heard", "advice.call_911"), HangUp(), "")


def suicide(ruleset: RuleSet, state: State) -> Result:
    """Talk of suicide: the crisis line's number, and a person (988 is the US Suicide and Crisis Lifeline)."""
    if SUICIDE in ruleset.questions:
        state = replace(state, answers={**state.answers, SUICIDE: Answer.UNKNOWN})
    record = (_record(ruleset, state, decide(ruleset, state.answers)),) if state.answers else ()
    words = ("suicide.heard", "transfer.front_desk")
    return _close(state, record, words, Transfer(Target.FRONT_DESK), "suicide.heard")


def person_after_all(state: State) -> Result:
    """Put whoever asks for a person during the last words through after them, never instead of them."""
    words, ending = state.closing[0], state.closing[-1]
    if isinstance(ending, Transfer) or state.played or not isinstance(words, Say):
        return state, ()
    prompts = tuple(prompt for prompt in words.prompts if prompt != "goodbye")
    if_nobody = state.if_nobody or next((prompt for prompt in prompts if prompt == "advice.call_911"), "")
    return _close(state, (), (*prompts, "to_person.asked"), Transfer(Target.FRONT_DESK), if_nobody)


def after_transfer(state: State, outcome: TransferOutcome) -> Result:
    """A transfer ended: nobody there means the next person, and at last the stricter advice. Never silence."""
    last = state.closing[-1]
    if outcome in {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE} or not isinstance(last, Transfer):
        return replace(state, step=Step.OVER), (HangUp(),)
    stricter = (state.if_nobody,) if state.if_nobody else ()
    if last.target is not Target.FRONT_DESK:
        return _close(state, (), (*stricter, "transfer.failed"), Transfer(Target.FRONT_DESK), state.if_nobody)
    final = "transfer.failed_urgent" if stricter else "transfer.nobody"
    return _close(state, (), (*stricter, final, "goodbye"), HangUp(), "")


def _close(
    state: State, record: tuple[Effect, ...], prompts: tuple[str, ...], ending: Effect, if_nobody: str
) -> Result:
    last_words: tuple[Effect, ...] = (Say(prompts, interruptible=False), ending)
    state = replace(state, step=Step.CLOSING, closing=last_words, played=False, if_nobody=if_nobody)
    return state, (*record, *last_words)


def _record(ruleset: RuleSet, state: State, decision: Decision) -> Decided:
    return Decided(decision.to_json(), trace(ruleset, state.answers).to_json())


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
