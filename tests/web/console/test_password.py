from __future__ import annotations

import pytest

from tests.web.console.staffed import PASSWORD
from tests.web.pages import read
from voicebot.staff.roles import Role

NEW = "a wholly different phrase"


@pytest.fixture
def jo(staffed):
    return staffed.add(Role.READER, "jo", PASSWORD)


def change(client, password=PASSWORD, new=NEW, again=None):
    return client.post("/console/password", data={"password": password, "new": new, "again": again or new})


def test_a_new_password_ends_every_other_session(staffed, jo):
    client, other = staffed.client_of(jo), staffed.client_of(jo)
    assert "is changed" in read(change(client)).one("p", **{"class": "done"}).text
    assert client.get("/console").status_code == 200
    assert other.get("/console").status_code == 303
    assert staffed.audit() == [("jo", "password_changed", "jo")]
    assert change(client, password=PASSWORD).status_code == 422
    assert change(client, password=NEW, new=PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"password": "wrong"}, "current password is wrong"),
        ({"again": "something else"}, "in two ways"),
        ({"new": "short"}, "12 to 256 characters"),
        ({"new": "i am jo and that is it"}, "name of the account"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(staffed, jo, fields, told):
    client = staffed.client_of(jo)
    response = change(client, **fields)
    assert response.status_code == 422
    assert told in read(response).one("p", role="alert").text
    assert staffed.audit() == []
    assert change(client).status_code == 200


def test_guessing_at_the_current_password_is_slowed(staffed, jo):
    client = staffed.client_of(jo)
    assert [change(client, password="guess").status_code for _ in range(6)] == [422] * 5 + [429]


def test_who_comes_through_the_identity_provider_has_none_here(staffed):
    client = staffed.client_for(Role.READER)
    assert "identity provider" in read(client.get("/console/password")).one("main").text
    assert change(client).status_code == 422
