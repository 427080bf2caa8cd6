"""Whether a call came to no end, and what another call may take over from it. A fold over its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.events import Event, HungUp
from voicebot.dialog.machine import fold
from voicebot.dialog.resuming import to_take_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicebot.calls.entries import Message
    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet


def left_open(ruleset: RuleSet, messages: Iterable[Message]) -> Mapping[str, Answer] | None:
    """Return the answers that another call may take over from the call of these `messages`; None when it may not.

    `ruleset` must be the one the call ran by. That the caller hung up is what makes such a call unfinished.
    """
    events = [message for message in messages if isinstance(message, Event) and not isinstance(message, HungUp)]
    state, _ = fold(ruleset, events)
    return to_take_over(ruleset, state)
