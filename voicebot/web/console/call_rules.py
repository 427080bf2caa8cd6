"""The rules a call can be looked at with: its own, who stands for them, and all others kept. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError
from voicebot.triage.ruleset import RuleSet, parse_ruleset

if TYPE_CHECKING:
    from voicebot.storage.replay_store import Approval
    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore


@dataclass(frozen=True, slots=True)
class Standing:
    """Which rule set a call ran by, and whether a clinician stood for it then."""

    told: str
    """In sentences."""
    approved: bool
    """It was approved by the time the call came in."""


def standing(call: CallRow, ruleset: RuleSet | None, recorded: Approval | None, in_force: str) -> Standing:
    """Return how the rules of a call stand, which may be others than those `in_force`, a digest.

    `ruleset` is the call's own, None when it cannot be read any more; `recorded` its approval in the console.
    """
    named = f"{ruleset.id} {ruleset.version} " if ruleset else ""
    where = "is in force" if call.ruleset_sha256 == in_force else "is not in force now"
    ran_by = f"This call ran by the rule set {named}({call.ruleset_sha256[:12]}), which {where}. "
    if ruleset and ruleset.approved:
        by = f"{ruleset.approval.approver} on {ruleset.approval.approved_on:%-d %b %Y}"
        return Standing(f"{ran_by}Approved by {by}.", approved=True)
    if recorded and recorded.at <= call.started_at:
        return Standing(f"{ran_by}Approved by {recorded.approver} on {recorded.at:%-d %b %Y}.", approved=True)
    if recorded:
        later = f"{recorded.approver} approved it later, on {recorded.at:%-d %b %Y}."
        return Standing(f"{ran_by}No clinician had approved it when the call came in; {later}", approved=False)
    if ruleset:
        return Standing(f"{ran_by}No clinician has approved it: do not act on what it decided.", approved=False)
    return Standing(f"{ran_by}It cannot be read any more, so nobody can tell whether it was approved.", approved=False)


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
