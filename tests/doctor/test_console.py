"""The checks of the staff console, in every state its tables can be found in."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import delete

from tests.storage.given import NOON, lift_guards, start
from voicebot.config import Settings
from voicebot.doctor.console import check_accounts, check_audit, check_call_index
from voicebot.doctor.findings import Status
from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Role
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.call_index import rebuild
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.staff_store import StaffStore
from voicebot.storage.tables import CALL_INDEX
from voicebot.wiring import open_store

CHECKS = (check_accounts, check_audit, check_call_index)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def engine(settings):
    with closing(open_store(settings)) as store:
        yield store.engine


@pytest.mark.parametrize("check", CHECKS)
def test_no_database_is_made_by_looking_for_it(settings, check):
    assert check(settings).status is Status.OK
    assert not list(settings.data_dir.iterdir())


@pytest.mark.parametrize("check", CHECKS)
def test_a_database_from_before_there_was_a_console_is_no_fault(settings, check):
    with closing(sqlite3.connect(settings.data_dir / "voicebot.db")) as connection:
        connection.execute("CREATE TABLE calls (call_id TEXT)")
    assert check(settings).status is Status.OK


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("url", ["no url", "sqlite:///{}/notes.txt"])
def test_what_is_no_database_is_refused(tmp_path, check, url):
    (tmp_path / "notes.txt").write_text("a letter" * 100)
    with pytest.raises(VoicebotError) as raised:
        check(Settings(data_dir=tmp_path, database_url=url.format(tmp_path)))
    assert raised.value.code == "store_failed"


def test_somebody_must_run_the_accounts(settings, engine):
    staff = StaffStore(engine)
    staff.add("jo", Role.LEAD, None, NOON)
    assert check_accounts(settings).status is Status.WARNING
    staff.add("ada", Role.ADMIN, None, NOON)
    assert "2 people" in check_accounts(settings).what
    staff.change("ada", disabled_at=NOON)
    assert "user add" in check_accounts(settings).remedy


def test_the_audit_is_told_by_its_length_and_last_hash(settings, engine):
    last = [AuditStore(engine).append(NOON, "jo", Audited.CALL_OPENED, "a") for _ in range(3)][-1]
    assert check_audit(settings).what == f"The audit is whole: 3 entries, the last hash is {last.hash}."


@pytest.mark.parametrize(
    "tampering", ["UPDATE audit SET who = 'jim' WHERE seq = 1", "DELETE FROM audit WHERE seq = 2", "DELETE FROM audit"]
)
def test_a_changed_audit_is_an_error(settings, engine, tampering):
    for _ in range(3):
        AuditStore(engine).append(NOON, "jo", Audited.CALL_OPENED, "a")
    with engine.begin() as connection:
        lift_guards(connection)
        connection.exec_driver_sql(tampering)
    verdict = check_audit(settings)
    assert verdict.status is Status.ERROR
    assert "audit was changed" in verdict.what


def test_an_audit_that_could_be_changed_is_told_until_the_database_is_upgraded(settings, engine):
    with engine.begin() as connection:
        lift_guards(connection)
    verdict = check_audit(settings)
    assert verdict.status is Status.WARNING
    assert "db upgrade" in verdict.remedy
    upgrade(engine)
    assert check_audit(settings).status is Status.OK


def test_a_call_that_is_not_indexed_is_told_with_the_remedy(settings, engine):
    store = SqlStore(engine)
    call_id = start(store).call_id
    assert check_call_index(settings).status is Status.OK
    with engine.begin() as connection:
        connection.execute(delete(CALL_INDEX).where(CALL_INDEX.c.call_id == call_id))
    verdict = check_call_index(settings)
    assert (verdict.status, verdict.remedy) == (Status.WARNING, "Run `voicebot db upgrade`.")
    assert list(rebuild(engine)) == [1]
    assert check_call_index(settings).status is Status.OK
