"""Goes through the whole table: which cells calls get to, and where each leads. Pure; for tests and the drawn table.

What is found is by trying, from the first event on: every event is put to one state of every kind. So a cell that no
call gets to is not found, and a handler that leads elsewhere than it was thought to is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Transfer
from voicebot.dialog.inputs import Input, classify
from voicebot.dialog.machine import TABLE, step
from voicebot.dialog.samples import every_event
from voicebot.dialog.state import State, Step

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from voicebot.dialog.effects import Effect
    from voicebot.dialog.events import Event
    from voicebot.triage.ruleset import RuleSet

IN_A_ROW = 3
"""So often an event that leaves the call where it is, is tried again: a person takes over at the third failed turn."""


@dataclass(frozen=True, slots=True)
class Move:
    """What an event did in a state."""

    before: State
    event: Event
    input: Input
    after: State
    effects: tuple[Effect, ...]


def survey(ruleset: RuleSet) -> list[Move]:
    """Return the moves of all kinds that calls can make, in the order in which they were found."""
    moves: list[Move] = []
    seen: set[Hashable] = set()
    waiting = deque([State()])
    while waiting:
        state = waiting.popleft()
        for event in _events_for(state):
            for move in _moves(ruleset, state, event):
                moves.append(move)
                kind = _kind(move.after)
                if kind not in seen:
                    seen.add(kind)
                    waiting.append(move.after)
    return moves


def _moves(ruleset: RuleSet, state: State, event: Event) -> Iterator[Move]:
    for _ in range(IN_A_ROW):
        found = classify(state, event)
        if found not in TABLE[state.step]:
            return
        after, effects = step(ruleset, state, event)
        yield Move(state, event, found, after, effects)
        if after.step is not state.step or after.asking != state.asking:
            return
        state = after


def _events_for(state: State) -> Iterator[Event]:
    """Yield the events that do something in `state`, of those that are answers one for each input."""
    answered = set()
    for event in every_event():
        found = classify(state, event)
        if found in TABLE[state.step] and (event.type, found) not in answered:
            yield event
        if event.type in {"heard", "second_thought", "key_pressed"}:
            answered.add((event.type, found))


def _kind(state: State) -> Hashable:
    """Return what makes this state another kind than others: what handlers look at, and not how it came about.

    Which question of the rules is open makes a difference only to where the rules lead, so it is followed for the most
    ordinary call alone.
    """
    special = (bool(state.closed), state.returning, state.crisis, state.call_back_offered)
    match state.step:
        case Step.CLOSING:
            last = state.closing[-1]
            target = last.target if isinstance(last, Transfer) else None
            who = (bool(state.closed), state.number_shown, state.crisis)
            return (state.step, who, target, bool(state.if_nobody), state.played, state.taken)
        case Step.WILL_CALL:
            return (state.step, special, state.number_shown, state.for_patient)
        case Step.CONFIRM:
            return (state.step, state.resume_step, state.doubt)
        case Step.SCREEN | Step.READ_BACK if state.asking and not any(special):
            return (state.step, state.asking.prompt, state.number_shown)
        case step:
            return (step, special, state.number_shown)
