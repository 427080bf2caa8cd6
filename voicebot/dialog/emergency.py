"""Rows of the table after the advice to call nine one one: whether the caller does it, from where, or else a person.

The line never dials for them. Whoever does not say that they will call is reported to staff, may say where they are,
hears the advice once more and is put through to a person. Nothing here decides that there is an emergency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, languages, safety
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import Brief, Effect, HangUp, PageReason, RecordPlace, Refusal, Refused911, Say, Target
from voicebot.dialog.events import Connected, Event, NoInput, PlaceRecorded
from voicebot.dialog.inputs import Input
from voicebot.dialog.state import State, Step
from voicebot.routing.whom import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet

CALL_NOW, CALL_FROM_AFAR = "call_now", "call_now.elsewhere"
ADVICE = frozenset({closing.CALL_911, CALL_NOW, CALL_FROM_AFAR})
"""Prompts that tell the caller to call nine one one now."""
MAX_FAILED_TURNS = 2
"""Failed turns at "will you call now?" before it counts as a refusal: fewer than elsewhere, as time runs."""
PLACE_MAX_MS = 20_000
"""So long a caller may speak about where they are."""


def advising(before: State, effects: tuple[Effect, ...]) -> bool:
    """Return whether the caller is being told to call nine one one, after `effects` in the state `before`."""
    said = [effect.prompts for effect in effects if isinstance(effect, Say)]
    return any(not ADVICE.isdisjoint(prompts) for prompts in said) if said else before.advising


def _will_call(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Let them call. Help comes to where a call comes from, so who calls for somebody else is asked where they are."""
    if not state.for_patient:
        return _call_now(state, CALL_NOW)
    state = replace(state, step=Step.WITH_PATIENT, failed=0, unsure=0)
    return state, ask(state)


def _with_patient(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return _call_now(state, CALL_NOW)


def elsewhere(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Tell them to give the patient's address: they are far away, or may be. Nobody is kept from calling by a doubt."""
    return _call_now(state, CALL_FROM_AFAR)


def _call_now(state: State, prompt: str) -> Result:
    return closing.close(state, (), (prompt,), HangUp(), closing.CALL_911)


def _ask_will_call(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    state = replace(state, step=Step.WILL_CALL)
    return state, ask(state)


def _refuse(why: Refusal) -> Handler:
    """Return the handler of a caller who does not say that they will call."""

    def handler(_ruleset: RuleSet, state: State, _event: Event) -> Result:
        return _refused(state, why)

    return handler


def _interpreter(prompt: str) -> Handler:
    """Return the handler of a caller who asks for an interpreter instead, who is put through with `prompt`."""
    fetch = languages.interpreter(prompt)

    def handler(ruleset: RuleSet, state: State, event: Event) -> Result:
        state, paged = safety.page(state, PageReason.REFUSED)
        state, effects = fetch(ruleset, state, event)
        return state, (Refused911(Refusal.PERSON), *paged, *effects)

    return handler


def _refused(state: State, why: Refusal) -> Result:
    """Report it; then ask where the caller is, unless they were asked before or asked for a person instead."""
    state, paged = safety.page(state, PageReason.REFUSED)
    record: tuple[Effect, ...] = (Refused911(why), *paged)
    if why is Refusal.PERSON or state.place_asked:
        return _to_person(state, record)
    state = replace(state, place_asked=True, failed=0, unsure=0)
    if state.consent:
        return _take_place(state, record)
    state = replace(state, step=Step.PLACE_CONSENT)
    return state, (*record, *ask(state))


def failed_turn(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """Say the advice and ask again once; after that the silence, or what was not understood, is a refusal."""
    failed = state.failed + 1
    if failed < MAX_FAILED_TURNS:
        state = replace(state, failed=failed)
        return state, ask(state, before=(closing.CALL_911,), suffix=".again")
    return _refused(state, Refusal.SILENT if isinstance(event, NoInput) else Refusal.NOT_UNDERSTOOD)


def _cannot_dial(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Whoever says "call an ambulance" may believe that the line does."""
    failed = state.failed + 1
    if failed >= MAX_FAILED_TURNS:
        return failed_turn(ruleset, state, event)
    state = replace(state, failed=failed)
    return state, ask(state, before=("will_call.cannot_dial",))


def _reconnected(_ruleset: RuleSet, state: State, event: Event) -> Result:
    """The line dropped, perhaps in the middle of the advice: say it again."""
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, ask(state, before=("resumed", closing.CALL_911))


def _advise_again(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return state, ask(state, before=(closing.CALL_911,))


def _may_take_place(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    return _take_place(state, ())


def _take_place(state: State, record: tuple[Effect, ...]) -> Result:
    state = replace(state, step=Step.PLACE, failed=0)
    return state, (*record, Say(("place",), interruptible=False), RecordPlace(PLACE_MAX_MS))


def no_place(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Go on to a person without knowing where the caller is."""
    return _to_person(state, ())


def _place_recorded(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, PlaceRecorded)
    return _to_person(replace(state, place_told=event.ms > 0), ())


def _to_person(state: State, record: tuple[Effect, ...]) -> Result:
    """Say the advice once more and fetch whoever can help at this hour."""
    told = "whisper.refused_911.place" if state.place_told else "whisper.refused_911"
    return closing.fetch(state, (*record, Brief(told)), (closing.CALL_911,), Target.NURSE, Need.NOW, closing.CALL_911)


WILL_CALL: Mapping[Input, Handler] = {
    Input.YES: _will_call,
    Input.NO: _refuse(Refusal.NO),
    Input.UNSURE: _refuse(Refusal.UNSURE),
    Input.DECLINED: _refuse(Refusal.NO),
    Input.OPERATOR: _refuse(Refusal.PERSON),
    Input.SPANISH: _interpreter("to_person.spanish"),
    Input.INTERPRETER: _interpreter("to_person.interpreter"),
    Input.EMERGENCY: _cannot_dial,
    Input.REPEAT: _advise_again,
    Input.CONNECTED: _reconnected,
    Input.FAULT: no_place,
}
WITH_PATIENT: Mapping[Input, Handler] = {
    Input.YES: _with_patient,
    Input.NO: elsewhere,
    Input.UNSURE: elsewhere,
    Input.DECLINED: elsewhere,
    Input.DOUBTFUL: elsewhere,
    Input.NO_MATCH: elsewhere,
    Input.NO_INPUT: elsewhere,
    Input.EMERGENCY: elsewhere,
    Input.FAULT: elsewhere,
    Input.OPERATOR: no_place,
    Input.BACK: _ask_will_call,
    Input.CONNECTED: _reconnected,
}
"""One question and no second: every turn here is time in which nobody calls."""
PLACE_CONSENT: Mapping[Input, Handler] = {
    Input.YES: _may_take_place,
    Input.NO: no_place,
    Input.UNSURE: no_place,
    Input.DECLINED: no_place,
    Input.OPERATOR: no_place,
    Input.EMERGENCY: no_place,
    Input.FAULT: no_place,
}
PLACE: Mapping[Input, Handler] = {
    Input.PLACE_RECORDED: _place_recorded,
    Input.NO_INPUT: no_place,
    Input.OPERATOR: no_place,
    Input.EMERGENCY: no_place,
    Input.CONNECTED: no_place,
    Input.FAULT: no_place,
}
"""While the caller is recorded, nobody listens for words."""
