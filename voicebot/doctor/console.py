"""The checks of the staff console: somebody can sign in, nobody changed the audit, every call can be found."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from voicebot.doctor.findings import Verdict, error, ok, warning
from voicebot.staff.roles import Role
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.call_index import outdated_calls
from voicebot.storage.engine import open_engine, store_failed
from voicebot.storage.staff_store import StaffStore
from voicebot.storage.tables import AUDIT_HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from voicebot.config import Settings

_NO_CONSOLE = ok("The staff console has no tables yet; they are made at the first start.")


def check_accounts(settings: Settings) -> Verdict:
    """Tell whether there is somebody to run the accounts. Raises VoicebotError `store_failed`."""
    with _tables(settings) as engine:
        if engine is None:
            return _NO_CONSOLE
        accounts = [account for account in StaffStore(engine).accounts() if account.disabled_at is None]
    if not any(account.member.role is Role.ADMIN for account in accounts):
        return warning(
            "Nobody runs the accounts of the staff console.", "Add somebody: `voicebot user add NAME --role admin`."
        )
    return ok(f"{len(accounts)} people can sign in to the staff console.")


def check_audit(settings: Settings) -> Verdict:
    """Follow the audit's chain from its first entry to its last. Raises VoicebotError `store_failed`."""
    with _tables(settings) as engine:
        if engine is None:
            return _NO_CONSOLE
        audit = AuditStore(engine)
        fault, (length, head), guarded = audit.fault(), audit.head(), audit.guarded()
    if fault:
        return error(
            f"The audit was changed. {fault}",
            "Compare it with a backup or an export, and find out who can write to the database.",
        )
    if not guarded:
        return warning(
            f"The audit is whole: {length} entries, the last hash is {head}. But the database would let it be changed.",
            "Run `voicebot db upgrade`, which puts the triggers back, and find out who removed them.",
        )
    return ok(f"The audit is whole: {length} entries, the last hash is {head}.")


def check_call_index(settings: Settings) -> Verdict:
    """Tell whether every call can be found in the console's list. Raises VoicebotError `store_failed`."""
    with _tables(settings) as engine:
        if engine is None:
            return _NO_CONSOLE
        missing = outdated_calls(engine)
    if missing:
        return warning(f"{missing} calls cannot be found by all filters of the list.", "Run `voicebot db upgrade`.")
    return ok("Every call can be found in the list.")


@contextmanager
def _tables(settings: Settings) -> Iterator[Engine | None]:
    """Open the database, if the console's tables are there; no SQLite file is made."""
    url = settings.sqlalchemy_url()
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            yield None
            return
        engine = open_engine(url)
        try:
            yield engine if inspect(engine).has_table(AUDIT_HEAD.name) else None
        finally:
            engine.dispose()
    except SQLAlchemyError as broken:
        raise store_failed(broken) from None
