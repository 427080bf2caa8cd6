"""What a call's record tells, each a fold over its entries: when, how it ended, what was decided, what went wrong."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.calls.outcome import Outcome, outcome
from voicebot.dialog.effects import Decided, Listen
from voicebot.dialog.events import CallStarted, Fault, Heard, SecondThought, is_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voicebot.calls.entries import Entry, Message


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The summary of one call."""

    started_at: str | None
    """UTC, ISO 8601; None when the record is still empty."""
    duration_ms: int
    """From the start to the latest event."""
    outcome: Outcome | None
    """None while the call runs."""
    decision: Mapping[str, Any] | None
    """The last decision, as `voicebot triage --json` prints it; None when the rules never decided."""
    trace: Sequence[Mapping[str, Any]]
    """Every rule with the answer each of its conditions saw, for the last decision."""
    questions: tuple[str, ...]
    """Prompt ids of the questions in the order they were asked, repeats included."""
    turn_gaps_ms: tuple[int, ...]
    """From the end of the caller's speech until the line took it for the end of the turn, on the call's own clock."""
    faults: tuple[str, ...]
    """Codes of what broke."""

    @property
    def urgency(self) -> int | None:
        """0..5, or None when the rules never decided."""
        return int(self.decision["urgency"]) if self.decision else None

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that fired."""
        return tuple(str(rule["id"]) for rule in self.decision["rules"]) if self.decision else ()

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "started_at": self.started_at,
            "duration_ms": self.duration_ms,
            "outcome": self.outcome,
            "urgency": self.urgency,
            "decision": self.decision,
            "questions": list(self.questions),
            "turn_gap_ms": list(self.turn_gaps_ms),
            "faults": list(self.faults),
        }


def read_record(entries: Sequence[Entry]) -> CallRecord:
    """Return what `entries`, a call's record in order, tell."""
    messages: list[Message] = [entry.message for entry in entries]
    events = [message for message in messages if is_event(message)]
    standing = what_stands(messages)
    decided = next((message for message in reversed(standing) if isinstance(message, Decided)), None)
    return CallRecord(
        started_at=next((event.started_at for event in events if isinstance(event, CallStarted)), None),
        duration_ms=max((event.at_ms for event in events), default=0),
        outcome=outcome(standing),
        decision=decided.decision if decided else None,
        trace=decided.trace if decided else (),
        questions=tuple(message.asking for message in messages if isinstance(message, Listen)),
        turn_gaps_ms=_turn_gaps_ms(messages),
        faults=tuple(event.code for event in events if isinstance(event, Fault)),
    )


def what_stands(messages: Iterable[Message]) -> list[Message]:
    """Return the messages without what answers led to that the caller took back: no decision, no advice, no transfer.

    The answers themselves stay.
    """
    standing: list[Message] = []
    answered = 0
    for message in messages:
        happened = is_event(message)
        if happened and isinstance(message, SecondThought) and message.takes_back:
            del standing[answered:]
        standing.append(message)
        if happened:
            answered = len(standing)
    return standing


def _turn_gaps_ms(messages: Sequence[Message]) -> tuple[int, ...]:
    """Return the gaps of those utterances whose end is known and that the line answered with words."""
    return tuple(
        heard.at_ms - heard.ended_ms
        for heard, answer in itertools.pairwise(messages)
        if isinstance(heard, Heard) and heard.ended_ms is not None and not is_event(answer)
    )
