"""Where a call ended, as a fold over its record. Says nothing about whether that was right."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.dialog.effects import CallBack, HangUp, Listen, PreferredTime, Say, Transfer
from voicebot.dialog.events import Heard, HungUp, TransferEnded, TransferOutcome
from voicebot.dialog.manner import PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.calls.entries import Message


class Outcome(StrEnum):
    """Whom the caller was put through to, or the advice the line ended with."""

    SCHEDULING = "scheduling"
    NURSE = "nurse"
    FRONT_DESK = "front_desk"
    AFTER_HOURS = "after_hours"
    CALL_911 = "call_911"
    EMERGENCY_ROOM = "emergency_room"
    SAME_DAY = "same_day"
    PRIMARY_CARE = "primary_care"
    SELF_CARE = "self_care"
    CALL_BACK = "call_back"
    """Nobody was there; staff call back."""
    CALL_AGAIN = "call_again"
    """Nobody was there; the caller is to call again."""
    HUNG_UP = "hung_up"
    """The caller left before the line had come to an end."""
    FAILED = "failed"
    """Nobody could be reached and there was no advice to give."""


_LAST_WORDS = {
    f"advice.{level}": level
    for level in (
        Outcome.CALL_911,
        Outcome.EMERGENCY_ROOM,
        Outcome.SAME_DAY,
        Outcome.PRIMARY_CARE,
        Outcome.SELF_CARE,
    )
} | {
    "call_noted.morning": Outcome.CALL_BACK,
    "call_noted.afternoon": Outcome.CALL_BACK,
    "call_noted.any": Outcome.CALL_BACK,
    "call_again": Outcome.CALL_AGAIN,
    "call_now": Outcome.CALL_911,
    "call_now.elsewhere": Outcome.CALL_911,
    "with_patient": Outcome.CALL_911,
    "will_call": Outcome.CALL_911,
    "will_call.again": Outcome.CALL_911,
}
"""Prompt id -> where a call has ended that ends with it."""
_IN_DOUBT = "confirm."
_TOOK_OVER = {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE}


def outcome(messages: Iterable[Message]) -> Outcome | None:
    """Return where the call ended, or None while it goes on.

    A caller who hangs up during the last words was still led to where those words lead, and one who does so while an
    answer is read back, to where the question leads.
    """
    ended: Outcome | None = None
    last_words: Outcome | None = None
    put_through = call_back = False
    for message in messages:
        match message:
            case Listen() | Heard():  # most of a record, and nothing of its end
                pass
            case Say((first, *_)) if first.startswith(_IN_DOUBT):
                pass
            case Say(prompts):
                named = (_LAST_WORDS.get(prompt.removeprefix(PATIENT)) for prompt in prompts)
                last_words = next((one for one in named if one), None)
            case CallBack(preferred):
                call_back = preferred is not PreferredTime.WITHDRAWN
            case Transfer(target):
                ended = Outcome(target.value)
            case TransferEnded(outcome=how):
                put_through = how in _TOOK_OVER
                ended = ended if put_through else None
            case HangUp() if not put_through:  # after a transfer that came about it only tidies up
                ended = last_words or (Outcome.CALL_BACK if call_back else Outcome.FAILED)
            case HungUp() if ended is None and last_words is Outcome.CALL_911:
                ended = last_words  # told to hang up and call, they hung up
            case HungUp() if ended is None:
                ended = Outcome.CALL_BACK if call_back else Outcome.HUNG_UP
            case _:
                pass
    return ended
