"""The console's menu: a table. An entry shows to those who have the right to its page."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.staff.roles import Action


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the menu."""

    label: str
    endpoint: str
    action: Action
    about: str
    """What is found there, for the front page."""


NAV: tuple[NavEntry, ...] = (
    NavEntry("Calls", "console_calls.listed", Action.SEE_CALLS, "Every call: what was decided, and why."),
    NavEntry("Live", "console_live.shown", Action.SEE_LIVE, "Calls that are going on, and pages to staff."),
    NavEntry("Call backs", "console_call_backs.listed", Action.CALL_BACKS, "Who waits to be called back."),
    NavEntry("Review", "console_review.queue", Action.REVIEW, "Calls that wait for a nurse, the most urgent first."),
    NavEntry("Replays", "console_replays.listed", Action.REPLAY, "Stored calls under other rules, and approving them."),
    NavEntry("Numbers", "console_numbers.shown", Action.SEE_NUMBERS, "How calls go, over some days, in figures."),
    NavEntry("Accounts", "console_users.accounts", Action.MANAGE_USERS, "Who may sign in, and what for."),
    NavEntry("Audit", "console_audit.entries", Action.SEE_AUDIT, "Who opened, heard, changed and took out what."),
)
"""From left to right."""
