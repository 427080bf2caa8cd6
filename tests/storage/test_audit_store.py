"""The audit, on every database, and what becomes of it when somebody changes rows behind its back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.storage.given import NOON, lift_guards, start
from voicebot.staff.audit_chain import START, Audited
from voicebot.storage import audit_store
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.retention import delete_words


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_store").engine


@pytest.fixture
def audit(engine):
    return AuditStore(engine)


def fill(audit, length=6):
    for number in range(length):
        audit.append(NOON + timedelta(seconds=number), "jo", Audited.CALL_OPENED, f"call{number}")


def run(engine, statement):
    with engine.begin() as connection:
        lift_guards(connection)
        connection.execute(text(statement))


def test_entries_are_read_as_they_were_written(audit):
    first = audit.append(NOON, "jo", Audited.SIGNED_IN)
    second = audit.append(NOON, "ada", Audited.CALL_HEARD, "call1")
    assert list(audit.all()) == [first, second]
    assert (first.seq, first.previous, second.seq, second.previous) == (0, START, 1, first.hash)
    assert audit.head() == (2, second.hash)
    assert audit.fault() is None


def test_several_entries_are_written_at_once_and_the_chain_goes_on(audit):
    fill(audit, 1)
    several = audit.append_each(NOON, "jo", Audited.CALL_EXPORTED, ["call1", "call2"])
    assert [(entry.seq, entry.subject) for entry in several] == [(1, "call1"), (2, "call2")]
    assert list(audit.all())[1:] == several
    assert audit.append_each(NOON, "jo", Audited.CALL_EXPORTED, []) == []
    assert audit.append(NOON, "jo", Audited.SIGNED_OUT).previous == several[-1].hash
    assert audit.fault() is None


def test_an_empty_audit_is_whole(audit):
    assert audit.fault() is None
    assert audit.head() == (0, START)
    assert list(audit.all()) == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit SET who = 'jim' WHERE seq = 2", "Entry 2 was changed."),
        ("UPDATE audit SET subject = '' WHERE seq = 0", "Entry 0 was changed."),
        ("DELETE FROM audit WHERE seq = 3", "Entry 3 is missing."),
        ("DELETE FROM audit WHERE seq = 0", "Entry 0 is missing."),
        ("DELETE FROM audit WHERE seq = 5", "There are 5 entries where 6 were written."),
        ("DELETE FROM audit", "There are 0 entries where 6 were written."),
        (
            "UPDATE audit SET subject = (CASE seq WHEN 2 THEN 'call3' ELSE 'call2' END) WHERE seq IN (2, 3)",
            "Entry 2 was changed.",
        ),
        ("UPDATE audit SET seq = 100 WHERE seq = 4", "Entry 4 is missing."),
        (
            "INSERT INTO audit SELECT 6, at, who, what, subject, previous, hash FROM audit WHERE seq = 5",
            "Entry 6 does not follow the one before it.",
        ),
        (
            "INSERT INTO audit SELECT -7, at, who, what, subject, previous, hash FROM audit WHERE seq = 5",
            "Entry 0 is missing.",
        ),
        ("UPDATE audit_head SET length = 5", "There are 6 entries where 5 were written."),
        ("UPDATE audit_head SET hash = previous FROM audit WHERE seq = 5", "The last entry is not the one"),
        ("DELETE FROM audit_head", "There are 6 entries where 0 were written."),
    ],
)
def test_tampering_is_found(audit, engine, tampering, found):
    fill(audit)
    run(engine, tampering)
    assert audit.fault().startswith(found)


def test_rows_that_change_places_are_found(audit, engine):
    fill(audit)
    run(engine, "UPDATE audit SET seq = -1 WHERE seq = 2")
    run(engine, "UPDATE audit SET seq = 2 WHERE seq = 3")
    run(engine, "UPDATE audit SET seq = 3 WHERE seq = -1")
    assert audit.fault() == "Entry 2 does not follow the one before it."


def test_processes_that_append_at_once_make_one_chain(audit):
    threads = [threading.Thread(target=fill, args=(audit, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.seq for entry in audit.all()] == list(range(40))
    assert audit.fault() is None


def test_a_long_audit_is_read_in_stretches(audit, monkeypatch):
    monkeypatch.setattr(audit_store, "_AT_ONCE", 4)
    fill(audit, 9)
    assert [entry.seq for entry in audit.all()] == list(range(9))
    assert audit.fault() is None


def test_the_newest_come_first_and_can_be_asked_for_by_who_and_what(audit):
    fill(audit)
    audit.append(NOON, "ada", Audited.CALL_HEARD, "call3")
    assert [entry.seq for entry in audit.newest(3)] == [6, 5, 4]
    assert [entry.seq for entry in audit.newest(3, before=4)] == [3, 2, 1]
    assert [entry.seq for entry in audit.newest(9, who="ada")] == [6]
    assert [entry.seq for entry in audit.newest(9, subject="call3")] == [6, 3]


def test_forgetting_what_a_caller_said_leaves_the_audit_whole(request, engine, audit):
    store = request.getfixturevalue(f"{engine.dialect.name}_store")
    call_id = start(store).call_id
    audit.append(NOON, "jo", Audited.CALL_OPENED, call_id)
    delete_words(store, call_id)
    assert audit.fault() is None
    assert [entry.subject for entry in audit.all()] == [call_id]
