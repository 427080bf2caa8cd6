"""One call that is going on, in a line: worked out of its record before any HTML is made. No request in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.record import what_stands
from voicebot.dialog.effects import Decided, Listen, RecordPlace, Transfer
from voicebot.dialog.events import Heard, KeyPressed, NoInput, SecondThought, TransferEnded
from voicebot.dialog.meaning import KEYS
from voicebot.web.console.review_words import TARGETS
from voicebot.web.wording import CHANNELS, MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from voicebot.calls.entries import Entry, Message
    from voicebot.storage.live import LiveRow


@dataclass(frozen=True, slots=True)
class LiveCall:
    """What a member sees of a call that goes on."""

    call_id: str
    channel: str
    seconds: int
    """Since it began."""
    now: str
    """What is being asked, or what is being done."""
    last_words: str
    """The caller's, or what they meant when words may not be seen; empty before the first."""
    urgency: int | None
    """As decided; None while it is not."""
    takeable: bool
    """A person can be fetched: nobody is being rung already."""

    @property
    def lasts(self) -> str:
        """Since when it goes on, `1:05`."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def live_call(
    row: LiveRow, entries: Sequence[Entry], texts: Mapping[str, str], now: datetime, *, words: bool
) -> LiveCall:
    """Return the line of a call; `texts` are what the line says by prompt id."""
    messages = what_stands(entry.message for entry in entries)
    doing = next((message for message in reversed(messages) if _shows(message)), None)
    decided = next((message for message in reversed(messages) if isinstance(message, Decided)), None)
    return LiveCall(
        call_id=row.call_id,
        channel=CHANNELS[row.channel],
        seconds=max(0, int((now - row.started_at).total_seconds())),
        now=_now(doing, texts),
        last_words=next((said for message in reversed(messages) if (said := _said(message, words=words))), ""),
        urgency=int(decided.decision["urgency"]) if decided else None,
        takeable=isinstance(doing, Listen),
    )


def _shows(message: Message) -> bool:
    return isinstance(message, Listen | Transfer | TransferEnded | RecordPlace)


def _now(doing: Message | None, texts: Mapping[str, str]) -> str:
    match doing:
        case Listen(asking=asking):
            return texts.get(asking, asking)
        case Transfer(target=target):
            return f"Being put through to: {TARGETS[target]}"
        case TransferEnded(outcome=outcome):
            return f"The transfer ended: {outcome.replace('_', ' ')}"
        case RecordPlace():
            return "The caller says where they are"
        case _:
            return "It rings"


def _said(message: Message, *, words: bool) -> str:
    match message:
        case Heard() | SecondThought():
            meant = MEANINGS[message.meaning] if message.meaning else "not understood"
            return f"“{message.words}” ({meant})" if words and message.words else f"({meant})"
        case KeyPressed(key=key):
            return f"key {key} ({MEANINGS[KEYS[key]]})" if key in KEYS else f"key {key}"
        case NoInput():
            return "(silence)"
        case _:
            return ""
