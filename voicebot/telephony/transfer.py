"""Where callers are put through to, who is closed now, and what the carrier tells of how a transfer ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.effects import Target
from voicebot.dialog.events import StaffReply, TransferOutcome
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.config import Settings
    from voicebot.routing.hours import Hours

RING_S = 30
"""How long a transfer rings, in seconds."""
ACCEPT_KEY = "1"
"""Whoever is rung takes the call with this key; a machine presses none."""

_NOT_TAKEN = {
    StaffReply.DECLINED: TransferOutcome.DECLINED,
    StaffReply.SILENT: TransferOutcome.VOICEMAIL,
}
_PICKED_UP = frozenset({"completed", "answered"})
_OUTCOMES = {
    "busy": TransferOutcome.BUSY,
    "no-answer": TransferOutcome.NO_ANSWER,
} | dict.fromkeys(_PICKED_UP, TransferOutcome.DECLINED)
"""What DialCallStatus tells of a call that nobody accepted."""


def numbers(settings: Settings) -> dict[Target, str]:
    """Return the telephone number of every target; where there is none, the front desk's.

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
        Target.AFTER_HOURS: settings.after_hours_number or front_desk,
    }


def closed(settings: Settings, hours: Hours | None, now: datetime) -> tuple[Target, ...]:
    """Return whom it makes no sense to ring during a call that begins `now`, in the order of Target.

    A desk is among them when its hours say so; those on call after hours also when they have no number of their own.
    """
    shut = hours.closed_during(now) if hours else frozenset()
    unreachable = set() if settings.after_hours_number else {Target.AFTER_HOURS}
    return tuple(target for target in Target if target in shut | unreachable)


def outcome(status: str, reply: StaffReply | None, *, bridged: bool, caller_gone: bool) -> TransferOutcome:
    """Return how a transfer ended.

    `status` is the carrier's DialCallStatus, which is `completed` also for an answering machine; so what counts first
    is the `reply` of whoever picked up (None: they were never asked, or hung up before they pressed a key). `bridged`
    is False when the carrier knows that the two never spoke. Who accepted and spoke has answered, whoever hung up then.
    """
    if reply is StaffReply.ACCEPTED and bridged and status in _PICKED_UP:
        return TransferOutcome.ANSWERED
    if caller_gone:
        return TransferOutcome.CALLER_GONE
    if reply in _NOT_TAKEN:
        return _NOT_TAKEN[reply]
    return _OUTCOMES.get(status, TransferOutcome.FAILED)
