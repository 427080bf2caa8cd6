"""The main flow, read it first: an event is put to the dialog, what follows is stored, and only then is it performed.

    something happened -> machine.step(state, event) -> effects
                       -> event and effects appended to the call's record in one commit
                       -> effects handed to whoever performs them: live audio, TwiML, keyboard, simulation

A session is one call while some transport holds it. It keeps no truth of its own: `open_session` folds the stored
events again, so another process can go on after a crash. Phone, turn-based twin, replay and simulation share this
file; they differ only in where events come from and who performs effects. There is no `if simulated`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from voicebot.calls.entries import Entry
from voicebot.dialog.effects import Effect, Say, Target, Transfer
from voicebot.dialog.events import Event, Fault
from voicebot.dialog.machine import fold, step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.dialog.state import State
    from voicebot.triage.ruleset import RuleSet

SAFE_WAY_OUT: tuple[Effect, ...] = (Say(("to_person.fault",), interruptible=False), Transfer(Target.FRONT_DESK))
"""What happens when not even a Fault can be put to the dialog: a person, never silence."""


class Store(Protocol):
    """Keeps the records of calls."""

    def append(self, call_id: str, entries: Sequence[Entry]) -> None:
        """Add `entries` in one durable commit.

        Raises VoicebotError `record_conflict` when another process already wrote one of these places in the record,
        `unknown_call` when there is no such call, `store_failed` when the disk or database refuses.
        """

    def load(self, call_id: str) -> list[Entry]:
        """Return the call's record in order; raises VoicebotError `unknown_call`."""


class Session:
    """One call in progress."""

    def __init__(self, ruleset: RuleSet, store: Store, call_id: str, state: State, next_seq: int) -> None:
        self.ruleset = ruleset
        self.call_id = call_id
        self.state = state
        self.next_seq = next_seq
        self._store = store

    def handle(self, event: Event) -> tuple[Effect, ...]:
        """Take one event to the dialog, store it with all that follows, and return the effects to perform, in order.

        An error of our own program is stored as a Fault and leads to a person. Raises VoicebotError `record_conflict`
        (another transport has the call) or `store_failed`; the state is then unchanged.
        """
        event, state, effects = self._step(event)
        messages = (event, *effects)
        self._store.append(
            self.call_id, [Entry(self.next_seq + offset, message) for offset, message in enumerate(messages)]
        )
        self.state = state
        self.next_seq += len(messages)
        return effects

    def _step(self, event: Event) -> tuple[Event, State, tuple[Effect, ...]]:
        fault = Fault(event.at_ms, "dialog_failed")
        for happened in (event, fault):
            with suppress(Exception):  # whatever broke, the caller must reach a person
                return happened, *step(self.ruleset, self.state, happened)
        return fault, self.state, SAFE_WAY_OUT


def open_session(ruleset: RuleSet, store: Store, call_id: str) -> Session:
    """Return the call as its record leaves it; raises VoicebotError `unknown_call`."""
    entries = store.load(call_id)
    state, _ = fold(ruleset, [entry.message for entry in entries if isinstance(entry.message, Event)])
    return Session(ruleset, store, call_id, state, next_seq=len(entries))
