"""Whole calls, held by the real dialog over the bundled rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicebot import assets
from voicebot.calls.document import StoredCall
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import Listen
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard, HungUp
from voicebot.dialog.meaning import Meaning
from voicebot.session import open_session
from voicebot.storage.memory_store import MemoryStore

if TYPE_CHECKING:
    from voicebot.storage.store import CallStore
    from voicebot.triage.ruleset import RuleSet

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SURE = frozenset({"about_leg", "for_self", "adult", "consent"})
TURN_MS = 3000


def snapshot(ruleset: RuleSet) -> RuleSetSnapshot:
    return RuleSetSnapshot(ruleset.sha256, ruleset.id, ruleset.version, assets.RULESET.read_text())


def place_call(store: CallStore, ruleset: RuleSet, *yes: str, hang_up_after: int = 100) -> str:
    """Hold a call that says yes to the prompts `yes`, agrees to be recorded, and no to the rest; return its id."""
    call_id = store.start_call(channel=Channel.TEXT, started_at=NOON, ruleset=snapshot(ruleset)).call_id
    session = open_session(ruleset, store, call_id)
    session.handle(CallStarted(0, NOON.isoformat(), ruleset.id, ruleset.version, ruleset.sha256))
    effects = session.handle(Connected(0, Channel.TEXT))
    at_ms = 0
    for _ in range(hang_up_after):
        asked = next((effect.asking for effect in effects if isinstance(effect, Listen)), None)
        if asked is None:
            break
        at_ms += TURN_MS
        meaning = Meaning.YES if asked in SURE | {*yes} or asked.endswith(".read_back") else Meaning.NO
        words = f"{meaning} it is, canary"
        effects = session.handle(Heard(at_ms, meaning, 0.99, words, at_ms - 2000, at_ms - 600))
    session.handle(HungUp(at_ms + 2000))
    store.close_call(call_id, NOON)
    return call_id


def held(ruleset: RuleSet, *yes: str, hang_up_after: int = 100) -> StoredCall:
    """Return such a call with its rules."""
    store = MemoryStore()
    call_id = place_call(store, ruleset, *yes, hang_up_after=hang_up_after)
    return StoredCall(call_id, tuple(store.load(call_id)), snapshot(ruleset))
