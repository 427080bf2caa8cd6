"""A call to begin a test with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.events import Channel

if TYPE_CHECKING:
    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RULES = RuleSetSnapshot(sha256="5" * 64, id="rules", version="1", text="questions: []\n")


def start(store: CallStore, **how: Any) -> CallRow:
    return store.start_call(**{"channel": Channel.STREAM, "started_at": NOON, "ruleset": RULES} | how)
