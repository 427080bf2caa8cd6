"""The rules a call can be looked at with: its own, and all others that are kept. Reads the store, decides nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError
from voicebot.triage.ruleset import RuleSet, parse_ruleset

if TYPE_CHECKING:
    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore


def kept_rules(store: CallStore, sha256: str) -> RuleSet:
    """Return a kept rule set; raises VoicebotError `unknown_ruleset`, `ruleset_broken`."""
    snapshot = store.ruleset(sha256)
    return _parsed(snapshot.text, f"{snapshot.id} {snapshot.version}")


def own_rules(store: CallStore, call: CallRow) -> RuleSet | None:
    """Return the rules the call ran by; None when this version can no longer read them."""
    try:
        return kept_rules(store, call.ruleset_sha256)
    except VoicebotError as error:
        if error.code in {"unknown_ruleset", "ruleset_broken"}:
            return None
        raise


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> RuleSet:
    return parse_ruleset(text, name)
