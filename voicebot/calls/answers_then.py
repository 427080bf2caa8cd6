"""What the line had noted after each event of a call: the record folded again under its own rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.dialog.events import Event
from voicebot.dialog.machine import step
from voicebot.dialog.state import State
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry
    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Noted:
    """The answers after one event."""

    seq: int
    """The event's place in the record."""
    answers: Mapping[str, Answer]
    changed: Mapping[str, Answer]
    """Those that this event set or changed."""
    dropped: tuple[str, ...]
    """Questions whose answers this event took back."""


def answers_after(ruleset: RuleSet, entries: Sequence[Entry]) -> Iterator[Noted]:
    """Yield the answers after each event; ends early where today's dialog cannot follow an old record."""
    state = State()
    for entry in entries:
        if not isinstance(entry.message, Event):
            continue
        before = state.answers
        try:
            state, _ = step(ruleset, state, entry.message)
        except VoicebotError:
            return
        yield Noted(
            seq=entry.seq,
            answers=state.answers,
            changed={name: answer for name, answer in state.answers.items() if before.get(name) is not answer},
            dropped=tuple(name for name in before if name not in state.answers),
        )
