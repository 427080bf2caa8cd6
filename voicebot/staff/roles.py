"""Which role may do what: one table. Whoever is asked for a right asks here; no other file decides by a role's name."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of the staff is there for."""

    READER = "reader"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Something that a right is needed for. Every page of the console asks for exactly one."""

    SIGN_IN = "sign_in"
    """Be here at all: the front page, one's own password, signing out. Every role may."""
    SEE_CALLS = "see_calls"
    """The list of calls and what each decided, without the words callers said."""
    SEE_WORDS = "see_words"
    """What callers said, word for word."""
    HEAR = "hear"
    """The sound of calls."""
    EXPORT = "export"
    """Take calls out of the console, as files."""
    REVIEW = "review"
    """Judge decisions and correct words."""
    SECOND_READ = "second_read"
    """Settle a disagreement."""
    REPLAY = "replay"
    """Run stored calls again under other rules."""
    APPROVE_RULES = "approve_rules"
    """Put one's name under a rule set."""
    SEE_LIVE = "see_live"
    """Calls that are going on."""
    HAND_OVER = "hand_over"
    """Hand a call that is going on to a person."""
    CALL_BACKS = "call_backs"
    """Who waits to be called back, with the telephone number."""
    SEE_NUMBERS = "see_numbers"
    """The figures over all calls, without any one call."""
    MANAGE_USERS = "manage_users"
    """Add and disable accounts and choose their roles."""
    SEE_AUDIT = "see_audit"
    """Who did what in the console."""


_READER = frozenset({Action.SIGN_IN, Action.SEE_CALLS, Action.SEE_LIVE, Action.SEE_NUMBERS})
_REVIEWER = _READER | {
    Action.SEE_WORDS,
    Action.HEAR,
    Action.REVIEW,
    Action.SECOND_READ,
    Action.HAND_OVER,
    Action.CALL_BACKS,
}

RIGHTS = {
    Role.READER: _READER,
    Role.REVIEWER: _REVIEWER,
    Role.LEAD: _REVIEWER | {Action.EXPORT, Action.REPLAY, Action.APPROVE_RULES},
    Role.ADMIN: frozenset({Action.SIGN_IN, Action.SEE_NUMBERS, Action.MANAGE_USERS}),
    Role.AUDITOR: frozenset({Action.SIGN_IN, Action.SEE_NUMBERS, Action.SEE_AUDIT}),
}
"""The table. Who runs the accounts sees no call, and who reads the audit can change nothing that stands in it."""


def may(role: Role, action: Action) -> bool:
    """Return whether `role` has the right to `action`."""
    return action in RIGHTS[role]
