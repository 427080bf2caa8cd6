"""The audit as a chain: each entry holds the hash of the one before it, so that none can be changed unnoticed. Pure.

An entry says who did what to which call or account, and when. No word of a caller, no telephone number and no password
stands in it: it is kept when all of these are gone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

START = "0" * 64
"""What stands in the place of a hash before the first entry."""
MAX_SUBJECT = 200
"""Characters."""


class Audited(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    """Somebody asked for something that the role has no right to."""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of what happened
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    USER_DISABLED = "user_disabled"
    CALL_OPENED = "call_opened"
    CALL_HEARD = "call_heard"
    CALL_EXPORTED = "call_exported"
    CALLS_EXPORTED = "calls_exported"
    CALL_REVIEWED = "call_reviewed"
    CALL_FLAGGED = "call_flagged"
    CALL_CORRECTED = "call_corrected"
    CALL_REPLAYED = "call_replayed"
    CALLS_REPLAYED = "calls_replayed"
    CALL_HANDED_OVER = "call_handed_over"
    CALL_BACKS_SEEN = "call_backs_seen"
    CALL_BACK_DONE = "call_back_done"
    PAGE_ACKNOWLEDGED = "page_acknowledged"
    RULES_APPROVED = "rules_approved"
    AUDIT_SEEN = "audit_seen"
    AUDIT_EXPORTED = "audit_exported"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit."""

    seq: int
    """From 0, without a gap."""
    at: datetime
    who: str
    """The account's name; `command line` for what was done there."""
    what: str
    """One of Audited; text, so that an entry of a newer version can be read and verified."""
    subject: str
    """The id of a call, the name of an account, or nothing."""
    previous: str
    hash: str


def chained(seq: int, at: datetime, who: str, what: str, subject: str, previous: str) -> AuditEntry:
    """Return the entry that follows the one whose hash is `previous`."""
    at = at.astimezone(UTC)
    subject = subject[:MAX_SUBJECT]
    return AuditEntry(seq, at, who, what, subject, previous, _hash(seq, at, who, what, subject, previous))


def _hash(seq: int, at: datetime, who: str, what: str, subject: str, previous: str) -> str:
    text = json.dumps([seq, at.isoformat(timespec="microseconds"), who, what, subject, previous], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def first_fault(entries: Iterable[AuditEntry], length: int, head: str) -> str | None:
    """Return what is wrong with the chain, told by the first entry that shows it; None when it is whole.

    `length` and `head` are how many entries there should be and the hash of the last one, as kept beside them.
    """
    previous, expected = START, 0
    for entry in entries:
        if entry.seq != expected:
            return f"Entry {expected} is missing."
        if entry.previous != previous:
            return f"Entry {entry.seq} does not follow the one before it."
        if entry.hash != _hash(entry.seq, entry.at, entry.who, entry.what, entry.subject, entry.previous):
            return f"Entry {entry.seq} was changed."
        previous, expected = entry.hash, expected + 1
    if expected != length:
        return f"There are {expected} entries where {length} were written."
    return None if previous == head else "The last entry is not the one that was written last."
