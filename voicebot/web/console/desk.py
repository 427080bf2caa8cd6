"""What every page of the console works with: accounts, audit, limits and a clock, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app

from voicebot.staff.sessions import SessionLimits
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.staff_store import StaffStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Engine

    from voicebot.config import Settings
    from voicebot.parts import Parts
    from voicebot.triage.ruleset import RuleSet

_KEY = "voicebot_console"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Desk:
    """The console's own parts."""

    settings: Settings
    ruleset: RuleSet
    """The one in force: while nobody approved it, every page says so."""
    staff: StaffStore
    audit: AuditStore
    limits: SessionLimits
    clock: Callable[[], datetime] = field(default=_now)


def open_desk(app: Flask, parts: Parts) -> Desk:
    """Keep a desk with `app` and return it."""
    engine = database(parts)
    settings = parts.settings
    desk = Desk(
        settings=settings,
        ruleset=parts.ruleset,
        staff=StaffStore(engine),
        audit=AuditStore(engine),
        limits=SessionLimits(
            timedelta(minutes=settings.console_idle_minutes), timedelta(hours=settings.console_session_hours)
        ),
    )
    app.extensions[_KEY] = desk
    return desk


def database(parts: Parts) -> Engine:
    """Return the database that the console's own tables are in."""
    assert parts.engine is not None, "the console keeps its accounts in a database"
    return parts.engine


def desk() -> Desk:
    """Return the desk of the application that answers this request."""
    found: Desk = current_app.extensions[_KEY]
    return found
