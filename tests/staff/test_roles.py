from __future__ import annotations

import pytest

from voicebot.staff.roles import RIGHTS, Action, Role, may

CALLS = {Action.SEE_CALLS, Action.SEE_WORDS, Action.HEAR, Action.EXPORT, Action.REVIEW, Action.CALL_BACKS}


def test_every_role_is_in_the_table():
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_everybody_may_sign_in(role):
    assert may(role, Action.SIGN_IN)


def test_every_action_is_somebodys():
    assert set().union(*RIGHTS.values()) == set(Action)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_runs_accounts_or_reads_the_audit_sees_no_call(role):
    assert RIGHTS[role] & CALLS == set()


@pytest.mark.parametrize(("action", "alone"), [(Action.MANAGE_USERS, Role.ADMIN), (Action.SEE_AUDIT, Role.AUDITOR)])
def test_some_rights_go_with_no_other_role(action, alone):
    assert [role for role in Role if may(role, action)] == [alone]


def test_hearing_exporting_and_reading_words_are_rights_of_their_own():
    assert not RIGHTS[Role.READER] & {Action.HEAR, Action.EXPORT, Action.SEE_WORDS}
    assert may(Role.REVIEWER, Action.HEAR)
    assert not may(Role.REVIEWER, Action.EXPORT)
    assert may(Role.LEAD, Action.EXPORT)
