"""Calls run again in bulk, and rules approved after that."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.web.console.test_review import judged, look, nurse
from tests.web.office import NO, NOON, YES
from tests.web.pages import read, table
from voicebot import assets
from voicebot.batch.worker import Worker
from voicebot.staff.roles import Role

EMERGENCY = [YES, YES, NO, NO]
RULES = assets.RULESET.read_text()
MILDER = RULES.replace("version: ", "version: milder-", 1)


def without_emergencies(text):
    """Return rules in which what is call-911 level now leads to the emergency room only."""
    return text.replace("level: 5", "level: 4").replace("version: ", "version: milder-", 1)


@pytest.fixture
def lead(staffed):
    """A lead whose replays are run at once, as no thread may outlive a test."""
    worker = Worker(staffed.store, staffed.engine)

    def wake():
        while worker.work():
            pass

    staffed.app.extensions["voicebot_worker"] = SimpleNamespace(wake=wake)
    staffed.later(days=3)  # the calls are over by then
    return nurse(staffed, "lee", Role.LEAD)


def begin(client, text=None, **form):
    chosen = {"rules": "pasted", "text": text} if text else {}
    return client.post("/console/replays", data=chosen | form)


def run(client, text=RULES, **form):
    """Run every call again and return the page of the replay."""
    response = begin(client, text, **form)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.headers["Location"]


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return read(response)


def approve(client, address, **form):
    return client.post(f"{address}/approve", data={"approver": "Jane Doe, RN 12345", "sure": "yes"} | form)


def counts(shown):
    found = [link.text.rsplit(": ", 1) for link in shown.one("nav", **{"aria-label": "Results"}).all("a")]
    return {words.split(":")[0]: int(count) for words, count in found}


def test_without_any_replay_the_page_says_so(lead):
    assert "No calls were run again yet" in page(lead, "/console/replays").one("main").text


def test_rules_that_change_nothing_move_nothing(staffed, lead):
    for hours in range(3):
        staffed.place(EMERGENCY, started_at=NOON + timedelta(hours=hours))
    address = run(lead, MILDER)
    shown = page(lead, address)
    assert counts(shown) == {"Down": 0, "Up": 0, "Aside": 0, "Cannot be run again": 0, "Stayed the same": 3}
    assert "3 of 3 calls" in shown.one("main").text
    assert [row["What differs"] for row in table(shown)] == ["Nothing."] * 3
    assert ("lee", "calls_replayed") in [entry[:2] for entry in staffed.audit()]


def test_a_chosen_rule_set_and_chosen_calls(staffed, lead):
    staffed.place(EMERGENCY)
    staffed.place([NO], started_at=NOON + timedelta(days=1))
    address = run(
        lead,
        None,
        rules=staffed.snapshot.sha256,
        **{"from": "2026-11-22", "to": "2026-11-22", "urgency": "5", "outcome": "", "fault": ""},
    )
    shown = page(lead, address).one("main")
    assert "1 of 1 calls" in shown.text
    (view,) = [link for link in shown.all("a") if link.text.startswith("first day")]
    assert view.text == "first day: 2026-11-22; last day: 2026-11-22; urgency: 5, call 911"
    assert len(table(page(lead, view.attributes["href"]))) == 1


def test_calls_are_chosen_by_what_was_said_and_by_rules_as_in_the_list(staffed, lead):
    staffed.place([NO])
    staffed.place(EMERGENCY)
    assert "1 of 1 calls" in page(lead, run(lead, MILDER, rule="stroke-face", q="yes")).one("main").text
    assert "0 of 0 calls" in page(lead, run(lead, MILDER, rule="stroke-face", q="zebra")).one("main").text


def test_a_view_of_the_list_is_taken_along(staffed, lead):
    staffed.place(EMERGENCY)
    shown = page(lead, "/console/calls?urgency=5&q=yes")
    (link,) = [link for link in shown.all("a") if "under other rules" in link.text]
    form = page(lead, link.attributes["href"].partition("#")[0])
    assert form.one("input", name="q").attributes["value"] == "yes"
    assert [box.attributes["value"] for box in form.all("input", name="urgency") if "checked" in box.attributes] == [
        "5"
    ]


def test_a_file_is_taken_as_well(lead):
    file = (io.BytesIO(MILDER.encode()), "mine.yaml")
    response = lead.post("/console/replays", data={"rules": "pasted", "file": file})
    assert lead.get(f"{response.headers['Location']}/rules.yaml").get_data(as_text=True) == MILDER


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"rules": "pasted", "text": "id: none"}, "rules:"),
        ({"rules": "pasted"}, "rules:"),
        ({"rules": "pasted", "file": (b"\xff\xfe", "mine.yaml")}, "UTF-8"),
        ({"rules": "pasted", "text": MILDER, "from": "yesterday"}, "not understood"),
        ({"rules": "pasted", "text": MILDER, "urgency": "7"}, "not understood"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(lead, form, told):
    if "file" in form:
        form = form | {"file": (io.BytesIO(form["file"][0]), form["file"][1])}
    response = lead.post("/console/replays", data=form)
    assert response.status_code == 422
    assert told in response.get_data(as_text=True)


def test_what_fell_is_shown_first_and_leads_to_both_decisions(staffed, lead):
    call_id = staffed.place(EMERGENCY)
    shown = page(lead, run(lead, without_emergencies(RULES)))
    assert counts(shown)["Down"] == 1
    (row,) = table(shown)
    assert row["Under its own rules"] == "5, call 911"
    assert row["Under these"] == "4, emergency room"
    (side_by_side,) = [link for link in shown.all("a") if "side by side" in link.text]
    assert side_by_side.attributes["href"].startswith(f"/console/calls/{call_id}/rerun?rules=")
    assert lead.get(side_by_side.attributes["href"]).status_code == 200


def test_rules_that_lower_a_reviewed_emergency_cannot_be_approved(staffed, lead):
    call_id = staffed.place(EMERGENCY)
    look(staffed)
    assert judged(lead, call_id, verdict="agree").status_code == 303
    address = run(lead, without_emergencies(RULES), urgency="1")
    told = page(lead, address).one("main").text
    assert "cannot be approved" in told
    assert "would get urgency 4, and needs 5" in told
    assert approve(lead, address).status_code == 409
    assert "rules_approved" not in [what for _, what, _ in staffed.audit()]


def test_an_emergency_reviewed_after_the_replay_has_to_be_run_first(staffed, lead):
    address = run(lead, MILDER)
    call_id = staffed.place(EMERGENCY)
    look(staffed)
    judged(lead, call_id, verdict="agree")
    assert approve(lead, address).status_code == 409
    assert approve(lead, run(lead, MILDER)).status_code == 303


def test_an_approval_has_a_name_and_a_date(staffed, lead):
    address = run(lead, MILDER)
    assert "shows nothing about emergencies" in page(lead, address).one("main").text
    assert approve(lead, address).status_code == 303
    told = page(lead, address).one("main").text
    assert "Approved by Jane Doe, RN 12345 on 25 November 2026." in told
    assert "VOICEBOT_RULES" in told
    assert approve(lead, address).status_code == 409


def test_the_rules_in_force_are_drafts_on_every_page_until_they_are_approved(staffed, lead):
    assert "Draft rules" in page(lead, "/console").text
    assert approve(lead, run(lead, RULES)).status_code == 303
    assert "Draft rules" not in page(lead, "/console").text


def test_that_the_line_takes_an_approval_up_at_its_next_start_is_told(staffed, lead):
    address = run(lead, RULES)
    approve(lead, address)
    told = page(lead, address).one("p", **{"class": "done"}).text
    assert "starts the service again; until then it puts every caller through to a person." in told


@pytest.mark.parametrize("form", [{"approver": " "}, {"approver": "Jane Doe, RN", "sure": None}])
def test_an_approval_without_a_name_is_none(staffed, lead, form):
    address = run(lead, MILDER)
    sent = {"approver": "", "sure": "yes"} | form
    response = lead.post(f"{address}/approve", data={name: value for name, value in sent.items() if value})
    assert response.status_code == 422


def test_a_replay_that_was_stopped_approves_nothing(staffed, lead):
    staffed.app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: None)
    staffed.place(EMERGENCY)
    address = run(lead, MILDER)
    assert "0 of 1 calls" in page(lead, f"{address}/progress").text
    assert lead.post(f"{address}/stop").status_code == 303
    assert approve(lead, address).status_code == 409


def test_progress_asks_for_the_whole_page_once_the_replay_is_done(lead):
    address = run(lead, MILDER)
    lead.get(address)
    assert lead.get(f"{address}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
