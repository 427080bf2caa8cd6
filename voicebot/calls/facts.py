"""What a list of calls tells of one call, folded from its record. Facts to filter by; no words, and no wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.record import read_record, what_stands
from voicebot.dialog.effects import Say, Transfer
from voicebot.dialog.events import Heard, KeyPressed, SecondThought, TransferEnded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.calls.entries import Entry, Message
    from voicebot.calls.outcome import Outcome

FACTS_VERSION = 2
"""To be raised with every change of what is folded here: stored facts of an older version are made anew."""

RINGING = "ringing"
"""A transfer that has not ended yet; how one ended is told by its `TransferOutcome`."""
_ASKED_AGAIN = ("no_input.", "no_match.")
"""Beginnings of the prompts that say why a question is asked again."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call in a line."""

    duration_ms: int
    outcome: Outcome | None
    """None while the call runs."""
    urgency: int | None
    """0..5; None when the rules never decided."""
    answers: int
    """Utterances and keys of the caller."""
    lowest_confidence: float | None
    """Of any utterance, 0..1; None when nothing was said."""
    reprompts: int
    """How often a question was asked again because nothing was said or nothing understood."""
    longest_gap_ms: int | None
    """From the end of the caller's speech to the end of the turn; None when never measured."""
    transfer: str | None
    """How the last transfer ended, RINGING until it has; None when nobody was rung."""
    faults: tuple[str, ...]
    """Codes of what broke, each once."""
    rules: tuple[str, ...]
    """Ids of the rules that fired."""


def read_facts(entries: Sequence[Entry]) -> CallFacts:
    """Return what `entries`, a call's record in order, tell."""
    record = read_record(entries)
    messages = [entry.message for entry in entries]
    heard = [message.confidence for message in messages if isinstance(message, Heard)]
    decision = record.decision or {}
    urgency = decision.get("urgency")
    return CallFacts(
        duration_ms=record.duration_ms,
        outcome=record.outcome,
        urgency=None if urgency is None else int(urgency),
        answers=sum(isinstance(message, Heard | SecondThought | KeyPressed) for message in messages),
        lowest_confidence=min(heard, default=None),
        reprompts=sum(_asks_again(message) for message in messages),
        longest_gap_ms=max(record.turn_gaps_ms, default=None),
        transfer=_transfer(what_stands(messages)),
        faults=tuple(dict.fromkeys(record.faults)),
        rules=tuple(dict.fromkeys(str(rule["id"]) for rule in decision.get("rules", ()))),
    )


def _asks_again(message: Message) -> bool:
    return isinstance(message, Say) and any(prompt.startswith(_ASKED_AGAIN) for prompt in message.prompts)


def _transfer(messages: Sequence[Message]) -> str | None:
    last = next((message for message in reversed(messages) if isinstance(message, Transfer | TransferEnded)), None)
    match last:
        case Transfer():
            return RINGING
        case TransferEnded(outcome=outcome):
            return outcome.value
        case _:
            return None
