"""Which rules a call ran by, and who stood for them, as its page tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.console.test_review import look, nurse
from tests.web.office import NO, NOON, YES
from tests.web.pages import read
from voicebot.staff.review import Reader
from voicebot.staff.roles import Role
from voicebot.storage.replay_store import Approval
from voicebot.triage.approving import with_approval
from voicebot.web.console.call_rules import standing

JANE = "Jane Doe, RN 12345"


@pytest.fixture
def call(staffed):
    """A call that was looked through, so that it can be reviewed."""
    call_id = staffed.place([YES, YES, NO, NO])
    look(staffed)
    return staffed.store.call(call_id)


def approved(call, **after):
    return Approval(call.ruleset_sha256, JANE, Reader("ann", "Ann"), NOON + timedelta(**after), "replay")


def told(client, call, kind="calls"):
    response = client.get(f"/console/{kind}/{call.call_id}")
    assert response.status_code == 200
    return read(response).one("main").text


@pytest.mark.parametrize("kind", ["calls", "review"])
def test_rules_in_force_that_are_approved_say_nothing_about_a_call_under_others(staffed, call, kind):
    client = nurse(staffed)
    own = f"{staffed.ruleset.id} {staffed.ruleset.version} ({call.ruleset_sha256[:12]})"
    assert f"{own}, which is in force. No clinician has approved it" in told(client, call, kind)
    staffed.desk.ruleset = replace(with_approval(staffed.ruleset, JANE, NOON.date()), sha256="0" * 64)
    response = client.get(f"/console/{kind}/{call.call_id}")
    assert read(response).all("aside", **{"aria-label": "About the rules"}) == []
    assert f"{own}, which is not in force now. No clinician has approved it" in told(client, call, kind)


def test_the_banner_tells_that_it_speaks_of_the_rules_in_force(staffed, call):
    banner = read(staffed.client_for(Role.READER).get(f"/console/calls/{call.call_id}")).one("aside").text
    assert "No clinician has approved the rule set in force, " in banner


def test_an_approval_counts_from_its_moment_on(staffed, call):
    before = standing(call, staffed.ruleset, approved(call, minutes=-1), call.ruleset_sha256)
    assert before.approved
    assert before.told.endswith(f"Approved by {JANE} on 22 Nov 2026.")
    after = standing(call, staffed.ruleset, approved(call, days=3), call.ruleset_sha256)
    assert not after.approved
    assert "No clinician had approved it when the call came in" in after.told
    assert after.told.endswith(f"{JANE} approved it later, on 25 Nov 2026.")


def test_rules_whose_text_names_who_approved_them(staffed, call):
    signed = with_approval(staffed.ruleset, JANE, NOON.date())
    assert standing(call, signed, None, "other").told.endswith(f"not in force now. Approved by {JANE} on 22 Nov 2026.")


def test_of_rules_that_cannot_be_read_nobody_claims_an_approval(call):
    found = standing(call, None, None, call.ruleset_sha256)
    assert not found.approved
    assert "nobody can tell whether it was approved" in found.told
