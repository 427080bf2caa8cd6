"""Where a call ended, as a fold over its record. Says nothing about whether that was right."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.dialog.effects import HangUp, Say, Transfer
from voicebot.dialog.events import HungUp, TransferEnded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.calls.entries import Message


class Outcome(StrEnum):
    """Whom the caller was put through to, or the advice the line ended with."""

    SCHEDULING = "scheduling"
    NURSE = "nurse"
    FRONT_DESK = "front_desk"
    CALL_911 = "call_911"
    EMERGENCY_ROOM = "emergency_room"
    SAME_DAY = "same_day"
    PRIMARY_CARE = "primary_care"
    SELF_CARE = "self_care"
    HUNG_UP = "hung_up"
    """The caller left before the line had come to an end."""
    FAILED = "failed"
    """Nobody could be reached and there was no advice to give."""


_ADVICE = {
    f"advice.{level}": level
    for level in (
        Outcome.CALL_911,
        Outcome.EMERGENCY_ROOM,
        Outcome.SAME_DAY,
        Outcome.PRIMARY_CARE,
        Outcome.SELF_CARE,
    )
}


def outcome(messages: Iterable[Message]) -> Outcome | None:
    """Return where the call ended, or None while it goes on.

    A caller who hangs up during the last words was still led to where those words lead.
    """
    ended: Outcome | None = None
    advice: Outcome | None = None
    previous: Message | None = None
    for message in messages:
        match message:
            case Say(prompts):
                advice = next((_ADVICE[prompt] for prompt in prompts if prompt in _ADVICE), None)
            case Transfer(target):
                ended = Outcome(target.value)
            case HangUp() if not isinstance(previous, TransferEnded):  # after a transfer it only tidies up
                ended = advice or Outcome.FAILED
            case HungUp() if ended is None:
                ended = Outcome.HUNG_UP
            case _:
                pass
        previous = message
    return ended
