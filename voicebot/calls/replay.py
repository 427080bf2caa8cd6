"""Runs a stored call again, event by event, and compares what follows with what is stored. Performs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from voicebot.calls.entries import canonical, message_to_json
from voicebot.dialog.effects import Decided
from voicebot.dialog.events import Event
from voicebot.dialog.machine import fold
from voicebot.triage.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicebot.calls.entries import Entry, Message
    from voicebot.triage.compare import Comparison
    from voicebot.triage.ruleset import RuleSet

Decision = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where a call run again departs from its record."""

    seq: int
    stored: Message | None
    """None: the record ends before."""
    replayed: Message | None
    """None: nothing more follows."""
    stored_decision: Decision | None
    replayed_decision: Decision | None

    def sentences(self) -> list[str]:
        """Return what differs, in plain words."""
        told = [f"Entry {self.seq} was {_name(self.stored)} and is now {_name(self.replayed)}."]
        old, new = self.stored_decision, self.replayed_decision
        if old != new:
            told.append(f"The decision was {_summary(old)} and is now {_summary(new)}.")
        before, after = _rules(old), _rules(new)
        told += [f"The rule {rule} fires no longer." for rule in before if rule not in after]
        told += [f"The rule {rule} fires now." for rule in after if rule not in before]
        return told

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "seq": self.seq,
            "stored": self.stored and message_to_json(self.stored),
            "replayed": self.replayed and message_to_json(self.replayed),
            "stored_decision": self.stored_decision,
            "replayed_decision": self.replayed_decision,
        }


def replay(ruleset: RuleSet, entries: Sequence[Entry]) -> Difference | None:
    """Return where the record departs from what `ruleset` makes of its events; None when they agree to the byte."""
    stored = [entry.message for entry in entries]
    _, history = fold(ruleset, _events(entries))
    replayed = [message for event, effects in history for message in (event, *effects)]
    for seq, (old, new) in enumerate(zip_longest(stored, replayed)):
        if old is None or new is None or canonical([old]) != canonical([new]):
            return Difference(seq, old, new, _decision(stored), _decision(replayed))
    return None


def under_other_rules(own: RuleSet, other: RuleSet, entries: Sequence[Entry]) -> Comparison:
    """Return what `other` would have decided over the answers the caller gave under the call's `own` rules.

    The questions stay those of the call: another rule set may ask others, and nobody knows what the answers would be.
    """
    state, _ = fold(own, _events(entries))
    return compare(own, other, state.answers)


def _events(entries: Sequence[Entry]) -> list[Event]:
    return [entry.message for entry in entries if isinstance(entry.message, Event)]


def _decision(messages: Iterable[Message]) -> Decision | None:
    decided = [message.decision for message in messages if isinstance(message, Decided)]
    return decided[-1] if decided else None


def _name(message: Message | None) -> str:
    return f"a {message.type}" if message else "nothing"


def _summary(decision: Decision | None) -> str:
    return f"urgency {decision['urgency']} to {', '.join(decision['destinations'])}" if decision else "none"


def _rules(decision: Decision | None) -> list[str]:
    return [rule["id"] for rule in decision["rules"]] if decision else []
