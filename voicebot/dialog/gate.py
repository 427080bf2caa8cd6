"""Rows of the table for what is asked beside the rules, after the emergency questions: may the call be recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicebot.dialog.advancing import advance
from voicebot.dialog.effects import Effect, KeepAudio
from voicebot.dialog.inputs import Input, classify

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Result
    from voicebot.dialog.state import State
    from voicebot.triage.ruleset import RuleSet


def consent(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Take the answer about recording; whoever is not sure is not recorded."""
    agreed = classify(state, event) is Input.YES
    state = replace(state, consent=agreed)
    kept: tuple[Effect, ...] = (KeepAudio(),) if agreed else ()
    state, effects = advance(ruleset, state, before=("consent.recorded" if agreed else "consent.unrecorded",))
    return state, (*kept, *effects)
