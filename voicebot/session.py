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
from voicebot.dialog.events import Fault, is_event
from voicebot.dialog.machine import fold, step
from voicebot.dialog.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from voicebot.dialog.events import Event
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

    def finish(self, call_id: str, entries: Sequence[Entry], ended_at: datetime) -> None:
        """Add `entries` and mark the call as over, in one durable commit; raises as `append` does."""

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

    def handle(self, event: Event, *, over_at: datetime | None = None) -> tuple[Effect, ...]:
        """Take one event to the dialog, store it with all that follows, and return the effects to perform, in order.

        An error of our own program is stored as a Fault and leads to a person. With `over_at` (UTC) the call is marked
        as over in the same commit. Raises VoicebotError `record_conflict` (another transport has the call) or
        `store_failed`; the state is then unchanged.
        """
        event, state, effects = _safe_step(self.ruleset, self.state, event)
        entries = _entries(self.next_seq, event, effects)
        if over_at is None:
            self._store.append(self.call_id, entries)
        else:
            self._store.finish(self.call_id, entries, over_at)
        self.state = state
        self.next_seq += len(entries)
        return effects


def open_session(ruleset: RuleSet, store: Store, call_id: str) -> Session:
    """Return the call as its record leaves it; raises VoicebotError `unknown_call`."""
    return session_after(ruleset, store, call_id, store.load(call_id))


def session_after(ruleset: RuleSet, store: Store, call_id: str, record: Sequence[Entry]) -> Session:
    """Return the call as `record`, all that is stored of it, leaves it."""
    state, _ = fold(ruleset, [entry.message for entry in record if is_event(entry.message)])
    return Session(ruleset, store, call_id, state, next_seq=len(record))


def first_entries(ruleset: RuleSet, event: Event) -> list[Entry]:
    """Return the record of a call to which nothing but `event` has happened."""
    happened, _, effects = _safe_step(ruleset, State(), event)
    return _entries(0, happened, effects)


def _entries(next_seq: int, event: Event, effects: Iterable[Effect]) -> list[Entry]:
    return [Entry(next_seq + offset, message) for offset, message in enumerate((event, *effects))]


def _safe_step(ruleset: RuleSet, state: State, event: Event) -> tuple[Event, State, tuple[Effect, ...]]:
    fault = Fault(event.at_ms, "dialog_failed")
    for happened in (event, fault):
        with suppress(Exception):  # whatever broke, the caller must reach a person
            return happened, *step(ruleset, state, happened)
    return fault, state, SAFE_WAY_OUT
