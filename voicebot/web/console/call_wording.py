"""The words the pages of calls use for closed sets that only they show. Texts only."""

from __future__ import annotations

from voicebot.calls.facts import RINGING
from voicebot.dialog.events import TransferOutcome
from voicebot.staff.review import ReviewState

NOT_LOOKED_THROUGH = "new"
"""What the index holds until somebody or something has looked whether a call needs a review."""

REVIEW_STATES: dict[str, str] = {
    NOT_LOOKED_THROUGH: "not looked through yet",
    ReviewState.NOT_NEEDED.value: "not needed",
    ReviewState.WAITING.value: "waiting",
    ReviewState.SECOND_READER.value: "second reader",
    ReviewState.SETTLED.value: "settled",
}

TRANSFERS: dict[str, str] = {
    RINGING: "being put through",
    TransferOutcome.ANSWERED.value: "taken",
    TransferOutcome.BUSY.value: "busy",
    TransferOutcome.NO_ANSWER.value: "no answer",
    TransferOutcome.FAILED.value: "failed",
    TransferOutcome.DECLINED.value: "declined",
    TransferOutcome.VOICEMAIL.value: "voicemail",
    TransferOutcome.CALLER_GONE.value: "caller gone",
}
