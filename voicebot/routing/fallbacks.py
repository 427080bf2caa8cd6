"""What a caller is told about a transfer that came to nothing: one line for each way it can fail. Prompt ids only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.events import TransferOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Mapping[TransferOutcome, str] = {
    TransferOutcome.BUSY: "transfer.busy",
    TransferOutcome.NO_ANSWER: "transfer.no_answer",
    TransferOutcome.FAILED: "transfer.failed",
    TransferOutcome.DECLINED: "transfer.declined",
    TransferOutcome.VOICEMAIL: "transfer.voicemail",
}
"""How it failed -> what the caller hears first; what is done next follows it. Not here: the call that was answered, and
the caller who is gone, to whom nothing can be said any more: when it cannot wait, staff are asked to call back."""
