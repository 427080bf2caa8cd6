"""Accounts and sessions, on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.storage.given import NOON
from voicebot.errors import VoicebotError
from voicebot.staff.roles import Role
from voicebot.staff.sessions import SessionLimits
from voicebot.storage.staff_store import StaffStore

LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_store").engine


@pytest.fixture
def staff(engine):
    return StaffStore(engine)


@pytest.fixture
def jo(staff):
    return staff.add("Jo.Doe", Role.REVIEWER, "a hash", NOON)


def code(do, *arguments):
    with pytest.raises(VoicebotError) as raised:
        do(*arguments)
    return raised.value.code


def test_an_account_is_found_by_its_name_however_it_is_typed(staff, jo):
    kept = staff.kept(" JO.doe")
    assert (kept.member, kept.password_hash) == (jo, "a hash")
    assert staff.account("jo.doe").member == jo
    assert staff.kept("jim") is None
    assert code(staff.account, "jim") == "unknown_user"


def test_a_name_is_taken_once(staff, jo):
    assert code(staff.add, jo.name.upper(), Role.ADMIN, None, NOON) == "user_exists"
    assert code(staff.check_free, jo.name) == "user_exists"
    assert code(staff.add, "no name", Role.ADMIN, None, NOON) == "name_unusable"
    assert staff.check_free(" Jim ") == "jim"


def test_accounts_are_listed_with_what_became_of_them(staff, jo):
    staff.add("ada", Role.ADMIN, None, NOON)
    staff.change(jo.name, disabled_at=NOON + timedelta(days=1))
    first, second = staff.accounts()
    assert (first.member.name, first.has_password, first.disabled_at) == ("ada", False, None)
    assert (second.member, second.has_password, second.disabled_at) == (jo, True, NOON + timedelta(days=1))


def test_nobody_can_sign_in_before_there_is_an_account_and_after_all_are_disabled(staff):
    assert staff.nobody_yet()
    staff.add("ada", Role.ADMIN, "a hash", NOON)
    assert not staff.nobody_yet()
    staff.change("ada", disabled_at=NOON)
    assert staff.nobody_yet()
    assert staff.kept("ada") is None


def test_a_session_is_its_members(staff, jo):
    token = staff.begin_session(jo, NOON)
    assert staff.member_of(token, NOON, LIMITS) == jo
    assert staff.member_of("another", NOON, LIMITS) is None
    staff.end_session(token)
    assert staff.member_of(token, NOON, LIMITS) is None


def test_the_secret_of_a_session_is_not_in_the_database(staff, jo, engine):
    token = staff.begin_session(jo, NOON)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM staff_sessions")).all()
    assert len(rows) == 1
    assert token not in str(rows)


def test_who_does_something_stays_signed_in_until_the_absolute_limit(staff, jo):
    token, now = staff.begin_session(jo, NOON), NOON
    while now < NOON + LIMITS.absolute - timedelta(minutes=20):
        now += timedelta(minutes=20)
        assert staff.member_of(token, now, LIMITS) == jo
    assert staff.member_of(token, NOON + LIMITS.absolute, LIMITS) is None


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(staff, jo):
    token = staff.begin_session(jo, NOON)
    for minute in range(1, 30):
        assert staff.member_of(token, NOON + timedelta(minutes=minute), LIMITS, active=False) == jo
    assert staff.member_of(token, NOON + timedelta(minutes=30), LIMITS, active=False) is None
    assert staff.member_of(token, NOON, LIMITS) is None  # and it is forgotten


@pytest.mark.parametrize(
    "change", [{"role": "reader"}, {"password_hash": "another"}, {"disabled_at": NOON}, {"provider_subject": "x"}]
)
def test_whatever_changes_in_an_account_ends_its_sessions_and_no_other(staff, jo, change):
    other = staff.add("ada", Role.ADMIN, None, NOON)
    tokens = [staff.begin_session(jo, NOON), staff.begin_session(jo, NOON)]
    others = staff.begin_session(other, NOON)
    staff.change(jo.name, **change)
    assert [staff.member_of(token, NOON, LIMITS) for token in tokens] == [None, None]
    assert staff.member_of(others, NOON, LIMITS) == other


def test_an_account_that_is_not_there_is_not_changed(staff):
    with pytest.raises(VoicebotError) as raised:
        staff.change("jim", role="admin")
    assert raised.value.code == "unknown_user"


def test_old_sessions_are_forgotten(staff, jo, engine):
    staff.begin_session(jo, NOON)
    kept = staff.begin_session(jo, NOON + timedelta(hours=1))
    staff.forget_sessions_before(NOON + timedelta(minutes=1))
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM staff_sessions")) == 1
    assert staff.member_of(kept, NOON + timedelta(hours=1), LIMITS) == jo


def test_who_somebody_is_to_the_identity_provider_is_one_accounts(staff, jo):
    staff.change(jo.name, provider_subject="https://id.example#42")
    assert staff.kept_of_subject("https://id.example#42").member == jo
    assert staff.kept_of_subject("https://id.example#43") is None
