"""What all pages of the console have in common."""

from __future__ import annotations

import pytest

from tests.web.console.staffed import Staffed
from tests.web.pages import read
from voicebot.errors import VoicebotError
from voicebot.staff.roles import Role, may
from voicebot.web.console.nav import NAV

MENU = {"aria-label": "Console"}


@pytest.mark.parametrize("role", Role)
def test_the_menu_holds_what_the_role_may_see_and_each_entry_opens(staffed, role):
    client = staffed.client_for(role)
    front = read(client.get("/console"))
    menu = front.one("nav", **MENU).all("a")
    assert [link.text for link in menu] == [entry.label for entry in NAV if may(role, entry.action)]
    for link in menu:
        shown = client.get(link.attributes["href"])
        assert shown.status_code == 200, link.text
        here = [entry.text for entry in read(shown).one("nav", **MENU).all("a") if "aria-current" in entry.attributes]
        assert here == [link.text]


def test_rules_that_nobody_approved_are_told_on_every_page_the_first_one_too(staffed):
    for response in (staffed.stranger().get("/console/sign-in"), staffed.client_for(Role.LEAD).get("/console/calls")):
        assert "No clinician has approved the rule set" in read(response).one("aside").text


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [("/console/calls/nothing", 404, "This did not work"), ("/console/users", 403, "You may not do this")],
)
def test_trouble_is_told_on_a_page_of_the_console(staffed, path, status, heading):
    response = staffed.client_for(Role.LEAD).get(path)
    assert response.status_code == status
    assert read(response).one("h1").text == heading


@pytest.mark.parametrize(
    "error", [VoicebotError("store_failed", "The database refused (canary)."), ValueError("canary")]
)
def test_what_breaks_is_told_without_what_it_was(staffed, monkeypatch, error):
    client = staffed.client_for(Role.ADMIN)

    def broken():
        raise error

    monkeypatch.setattr(staffed.desk.staff, "accounts", broken)
    response = client.get("/console/users")
    assert response.status_code == 500
    assert "canary" not in response.get_data(as_text=True)


def test_what_cannot_be_written_down_is_not_done(staffed, monkeypatch):
    client = staffed.client_for(Role.ADMIN)

    def full(*_):
        raise VoicebotError("store_failed", "The database refused (SQLITE_FULL).")

    monkeypatch.setattr(staffed.desk.audit, "append", full)
    assert client.post("/console/users", data={"name": "jo", "role": "reader"}).status_code == 500
    assert staffed.desk.staff.kept("jo") is None


def test_behind_a_public_url_browsers_are_told_to_come_by_tls_alone(ruleset, tmp_path, staffed):
    assert "Strict-Transport-Security" not in staffed.stranger().get("/console/sign-in").headers
    (tmp_path / "other").mkdir()
    public = Staffed(ruleset, tmp_path / "other", public_url="https://line.clinic.example")
    assert public.stranger().get("/console/sign-in").headers["Strict-Transport-Security"] == "max-age=31536000"
    public.close()
