"""The database refuses to change the audit, whoever asks through whatever statement."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.storage.given import NOON
from voicebot.staff.audit_chain import Audited
from voicebot.storage.audit_guard import GUARDS, lift_guard, missing_guards
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.migrate import upgrade

ON_BOTH = (
    "UPDATE audit SET who = 'jim' WHERE seq = 1",
    "UPDATE audit SET seq = 9 WHERE seq = 1",
    "DELETE FROM audit WHERE seq = 1",
    "DELETE FROM audit",
)
AGAIN = "audit SELECT seq, at, 'jim', what, subject, previous, hash FROM audit WHERE seq = 1"
TAMPERING = [
    *(("sqlite", statement) for statement in (*ON_BOTH, f"INSERT OR REPLACE INTO {AGAIN}", f"REPLACE INTO {AGAIN}")),
    *(
        ("postgresql", statement)
        for statement in (
            *ON_BOTH,
            "TRUNCATE audit",
            f"INSERT INTO {AGAIN} ON CONFLICT (seq) DO UPDATE SET who = EXCLUDED.who",
        )
    ),
]


@pytest.fixture
def engine_of(request):
    return lambda kind: request.getfixturevalue(f"{kind}_store").engine


@pytest.mark.parametrize(("kind", "statement"), TAMPERING)
def test_no_statement_changes_or_deletes_an_entry(engine_of, kind, statement):
    engine = engine_of(kind)
    audit = AuditStore(engine)
    written = [audit.append(NOON, "jo", Audited.CALL_OPENED, f"call{number}") for number in range(3)]
    with pytest.raises(IntegrityError, match="only ever added to"), engine.begin() as connection:
        connection.execute(text(statement))
    assert list(audit.all()) == written
    assert audit.append(NOON, "jo", Audited.SIGNED_OUT).seq == 3


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in GUARDS.items() for name in names])
def test_a_guard_that_was_removed_is_missed_and_put_back_by_an_upgrade(engine_of, kind, name):
    engine = engine_of(kind)
    with engine.begin() as connection:
        lift_guard(connection, name)
        assert missing_guards(connection) == [name]
    assert not AuditStore(engine).guarded()
    upgrade(engine)
    assert AuditStore(engine).guarded()


def test_a_guard_that_is_switched_off_is_missing(engine_of):
    engine = engine_of("postgresql")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_not_changed"))
        assert missing_guards(connection) == ["audit_not_changed"]
    upgrade(engine)
    assert AuditStore(engine).guarded()
