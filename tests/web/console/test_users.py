from __future__ import annotations

import pytest

from tests.web.console.staffed import PASSWORD
from tests.web.pages import read, table
from voicebot.staff.roles import Role


@pytest.fixture
def admin(staffed):
    return staffed.add(Role.ADMIN, "ada", PASSWORD)


@pytest.fixture
def client(staffed, admin):
    return staffed.client_of(admin)


def test_an_account_gets_a_password_that_is_shown_once(staffed, client):
    shown = read(client.post("/console/users", data={"name": "Jo", "role": "reviewer"}))
    password = shown.one("code", id="password").text
    response = staffed.stranger().post("/console/sign-in", data={"name": "jo", "password": password})
    assert response.status_code == 303
    assert password not in client.get("/console/users").get_data(as_text=True)
    assert staffed.audit()[0] == ("ada", "user_added", "jo reviewer")
    assert [row["Name"] for row in table(read(client.get("/console/users")))] == ["ada", "jo"]


def test_an_account_for_the_identity_provider_has_no_password(staffed, client):
    shown = read(client.post("/console/users", data={"name": "jo", "role": "reader", "provider_only": "yes"}))
    assert shown.all("code", id="password") == []
    assert staffed.desk.staff.kept("jo").password_hash is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "ada", "role": "reader"}, 409),
        ({"name": "no name", "role": "reader"}, 422),
        ({"name": "", "role": "reader"}, 422),
        ({"name": "jo", "role": "boss"}, 422),
        ({"name": "jo"}, 422),
    ],
)
def test_what_cannot_be_added_is_refused_and_not_written_down(staffed, client, fields, status):
    assert client.post("/console/users", data=fields).status_code == status
    assert [account.member.name for account in staffed.desk.staff.accounts()] == ["ada"]
    assert staffed.audit() == []


@pytest.mark.parametrize(
    ("what", "fields", "entry"),
    [
        ("role", {"role": "lead"}, ("ada", "user_changed", "jo lead")),
        ("password", {}, ("ada", "password_changed", "jo")),
        ("disable", {}, ("ada", "user_disabled", "jo")),
    ],
)
def test_a_change_signs_the_member_out_at_once(staffed, client, what, fields, entry):
    jo = staffed.add(Role.READER, "jo", PASSWORD)
    theirs = staffed.client_of(jo)
    assert theirs.get("/console").status_code == 200
    assert client.post(f"/console/users/jo/{what}", data=fields).status_code in {200, 303}
    assert theirs.get("/console").status_code == 303
    assert staffed.audit() == [entry]


def test_a_disabled_account_can_be_opened_again(staffed, client):
    staffed.add(Role.READER, "jo", PASSWORD)
    client.post("/console/users/jo/disable")
    assert staffed.desk.staff.kept("jo") is None
    client.post("/console/users/jo/enable")
    assert staffed.desk.staff.kept("jo").member.role is Role.READER


@pytest.mark.parametrize("what", ["role", "password", "disable", "enable"])
def test_nobody_locks_themselves_out_and_unknown_accounts_are_not_changed(staffed, client, what):
    assert client.post(f"/console/users/ada/{what}", data={"role": "reader"}).status_code == 409
    assert client.post(f"/console/users/jim/{what}", data={"role": "reader"}).status_code == 404
    assert staffed.audit() == []
    assert client.get("/console").status_code == 200
