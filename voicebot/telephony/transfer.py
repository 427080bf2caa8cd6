"""Where callers are put through to, and how the carrier's words for the end of a transfer are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.effects import Target
from voicebot.dialog.events import TransferOutcome
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from voicebot.config import Settings

RING_S = 30
"""How long a transfer rings, in seconds."""

_OUTCOMES = {
    "completed": TransferOutcome.ANSWERED,
    "answered": TransferOutcome.ANSWERED,
    "busy": TransferOutcome.BUSY,
    "no-answer": TransferOutcome.NO_ANSWER,
    "canceled": TransferOutcome.CALLER_GONE,
}


def numbers(settings: Settings) -> dict[Target, str]:
    """Return the telephone number of every target; the nurse's is the front desk's when there is none.

    Raises VoicebotError `settings_wrong` when one is missing: no call may be answered that could not reach a person.
    """
    front_desk, scheduling = settings.front_desk_number, settings.scheduling_number
    if not front_desk or not scheduling:
        raise VoicebotError(
            "settings_wrong",
            "Calls cannot be answered without numbers to put them through to.",
            "Set VOICEBOT_FRONT_DESK_NUMBER and VOICEBOT_SCHEDULING_NUMBER.",
        )
    return {
        Target.FRONT_DESK: front_desk,
        Target.SCHEDULING: scheduling,
        Target.NURSE: settings.nurse_number or front_desk,
    }


def outcome(dial_call_status: str) -> TransferOutcome:
    """Return how a transfer ended, from `DialCallStatus`; what is not known counts as failed."""
    return _OUTCOMES.get(dial_call_status, TransferOutcome.FAILED)
