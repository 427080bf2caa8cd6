"""The account of the demonstration opens on this machine alone."""

from __future__ import annotations

import pytest

from tests.web.console.staffed import PASSWORD, Staffed, kept_password
from voicebot.staff.roles import Role


def add_demo(staffed):
    return staffed.desk.staff.add("demo", Role.LEAD, kept_password(), staffed.now, for_demo=True)


def signs_in(client, **how):
    response = client.post("/console/sign-in", data={"name": "demo", "password": PASSWORD}, **how)
    return response.status_code == 303


def test_it_opens_here(staffed):
    add_demo(staffed)
    client = staffed.stranger()
    assert signs_in(client)
    assert client.get("/console").status_code == 200


ELSEWHERE = [
    {"headers": {"X-Forwarded-For": "192.0.2.1"}},
    {"headers": {"X-Forwarded-Proto": "https"}},
    {"headers": {"Forwarded": "for=192.0.2.1"}},
    {"headers": {"Via": "1.1 proxy"}},
    {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
]


@pytest.mark.parametrize("how", ELSEWHERE)
def test_it_is_refused_to_whatever_may_come_from_elsewhere_signed_in_or_not(staffed, how):
    member = add_demo(staffed)
    client = staffed.stranger()
    how = {**how, "environ_base": {**client.environ_base, **how.get("environ_base", {})}}
    assert not signs_in(client, **how)
    assert staffed.client_of(member).get("/console", **how).status_code == 303


def test_it_is_refused_once_the_line_has_a_public_url(ruleset, tmp_path):
    staffed = Staffed(ruleset, tmp_path, public_url="https://line.clinic.example")
    add_demo(staffed)
    assert not signs_in(staffed.stranger())
    staffed.close()


def test_a_real_account_opens_from_elsewhere(staffed):
    staffed.add(Role.LEAD, "jo", PASSWORD)
    response = staffed.stranger().post(
        "/console/sign-in", data={"name": "jo", "password": PASSWORD}, headers={"X-Forwarded-For": "192.0.2.1"}
    )
    assert response.status_code == 303
