"""Rows of the table for callers who would rather speak another language: a person and an interpreter, at any step.

The line itself speaks one sentence of Spanish, in the greeting, and nothing else: what it advises in an emergency is
said first, in English. Whom nobody helps is called back without being asked in a language they did not want.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing
from voicebot.dialog.changing import replace

if TYPE_CHECKING:
    from voicebot.dialog.events import Event
    from voicebot.dialog.handler import Handler, Result
    from voicebot.dialog.state import State
    from voicebot.triage.ruleset import RuleSet


def interpreter(prompt: str) -> Handler:
    """Return the handler that puts the caller through with the words of `prompt`, and tells staff which language."""

    def handler(ruleset: RuleSet, state: State, _event: Event) -> Result:
        return closing.to_front_desk(ruleset, replace(state, call_back_offered=True), prompt)

    return handler
