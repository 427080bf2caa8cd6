"""Makes the database itself refuse to change or delete an entry of the audit, and tells when it no longer does.

Triggers, put there by every upgrade of the database. The owner of the tables can remove them, but not by accident, and
not by a statement that was smuggled in somewhere. What gets past them breaks the chain (see audit_chain).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_REFUSED = "the audit is only ever added to"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
_SQLITE = {
    "audit_not_changed": f"BEFORE UPDATE ON audit {_REFUSE}",
    "audit_not_deleted": f"BEFORE DELETE ON audit {_REFUSE}",
    # INSERT OR REPLACE deletes without telling the trigger above
    "audit_not_replaced": "BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "  # noqa: S608 - constants
    + _REFUSE,
}
_POSTGRESQL = {
    "audit_not_changed": "BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "audit_not_emptied": "BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
}
GUARDS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
"""Kind of database -> name of a trigger -> what it does."""
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$
"""
_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND tgenabled <> 'D'",
}


def missing_guards(connection: Connection) -> list[str]:
    """Return the triggers that should be there and are not, or are switched off; the table of the audit must exist."""
    there = set(connection.scalars(text(_THERE[connection.dialect.name])))
    return [name for name in GUARDS[connection.dialect.name] if name not in there]


def guard_audit(connection: Connection) -> None:
    """Put the triggers there that are missing."""
    missing = missing_guards(connection)
    if missing and connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRESQL_FUNCTION))
    for name in missing:
        lift_guard(connection, name)
        connection.execute(text(f"CREATE TRIGGER {name} {GUARDS[connection.dialect.name][name]}"))


def lift_guard(connection: Connection, name: str) -> None:
    """Remove a trigger, if it is there."""
    of_table = " ON audit" if connection.dialect.name == "postgresql" else ""
    connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{of_table}"))
