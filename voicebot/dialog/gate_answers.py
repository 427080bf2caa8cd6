"""Rows of the table for the gate's questions: what each answer leads to. Which question is due is gate.py's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, gate
from voicebot.dialog.advancing import advance
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import KeepAudio
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Result
    from voicebot.triage.ruleset import RuleSet


def for_self(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The caller is the patient."""
    return advance(ruleset, gate.passed(state, for_self=True))


def for_another(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The caller calls for somebody else; without words about a patient the rules are not for them."""
    state = gate.passed(state, for_self=False)
    if not ruleset.speaks_of_patient:
        return closing.to_front_desk(ruleset, state, "to_person.for_another")
    return advance(ruleset, state, before=("for_another",))


def about_patient(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The answers so far stand."""
    return advance(ruleset, gate.passed(state, about_patient=True))


def about_caller(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The answers so far may be about the wrong person: a "no" among them clears nothing, so all are asked again."""
    state = gate.passed(state, about_patient=True)
    return advance(ruleset, replace(state, answers={}, drilling=()), before=("asked_anew",))


def adult(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The rules are for this patient."""
    return advance(ruleset, gate.passed(state, adult=True))


def minor(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The patient is a minor, or may be one: a person takes over."""
    return closing.to_front_desk(ruleset, gate.passed(state, adult=False), "to_person.minor")


def recorded(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The caller agrees to be recorded."""
    state, effects = advance(ruleset, replace(gate.passed(state), consent=True), before=("consent.recorded",))
    return state, (KeepAudio(), *effects)


def unrecorded(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The call goes on unrecorded; so it does for whoever is not sure."""
    return advance(ruleset, replace(gate.passed(state), consent=False), before=("consent.unrecorded",))


def number_good(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """The number shown can be called, or whoever is not sure would have to guess another."""
    return advance(ruleset, gate.passed(state, number=True))


def number_bad(_ruleset: RuleSet, state: State, _event: Event) -> Result:
    """Ask for a better number."""
    state = replace(state, step=Step.OTHER_NUMBER, failed=0, unsure=0)
    return state, ask(state)


def number_entered(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """A number was keyed in; storage has it."""
    return advance(ruleset, gate.passed(state, number=True), before=("number.noted",))


def number_left_out(ruleset: RuleSet, state: State, _event: Event) -> Result:
    """There is no better number: staff cannot call back for what can wait."""
    return advance(ruleset, gate.passed(state, number=False), before=("number.none",))
