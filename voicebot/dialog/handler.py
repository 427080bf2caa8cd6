"""What a cell of the table is: a function from rule set, state and event to the next state and effects. Types only."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.dialog.effects import Effect
from voicebot.dialog.events import Event
from voicebot.dialog.state import State
from voicebot.triage.ruleset import RuleSet

Result = tuple[State, tuple[Effect, ...]]
Handler = Callable[[RuleSet, State, Event], Result]
