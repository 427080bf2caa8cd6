"""A call decided again in the console."""

from __future__ import annotations

import hashlib

import pytest

from tests.web.office import NO, YES
from tests.web.pages import facts, read
from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.events import Channel
from voicebot.staff.roles import Role

STROKE = [YES, YES]


@pytest.fixture
def client(staffed):
    return staffed.client_for(Role.LEAD)


def keep(staffed, text):
    """Keep a rule set as one that some other call ran by; return its digest."""
    snapshot = RuleSetSnapshot(hashlib.sha256(text.encode()).hexdigest(), "other-rules", "9.9", text)
    staffed.store.start_call(channel=Channel.TEXT, started_at=staffed.now, ruleset=snapshot)
    return snapshot.sha256


def again(client, call_id, rules="", **how):
    return client.get(f"/console/calls/{call_id}/rerun?rules={rules}", **how)


def test_under_its_own_rules_a_call_is_the_same_to_the_byte(staffed, client):
    shown = read(again(client, staffed.place(STROKE), "own")).one("main").text
    assert "The same." in shown
    assert "the same to the byte" in shown


def test_under_other_rules_both_decisions_stand_side_by_side(staffed, client):
    milder = keep(staffed, assets.RULESET.read_text().replace("level: 5", "level: 4"))
    call_id = staffed.place(STROKE)
    shown = read(again(client, call_id, milder))
    assert "Different." in shown.one("main").text
    assert "Urgency goes from 5 (call 911) to 4 (emergency room)." in shown.one("main").text
    was, would = shown.one("div", **{"class": "sides"}).all("section")
    assert "5, call 911" in was.text
    assert "4, emergency room" in would.text
    assert facts(was)[staffed.ruleset.questions["face_droop"].text] == "yes"


def test_what_its_rules_make_of_a_call_that_was_never_decided_is_not_told_as_its_decision(staffed, client):
    milder = keep(staffed, assets.RULESET.read_text().replace("level: 5", "level: 4"))
    shown = read(again(client, staffed.place([YES, NO]), milder))
    was, _ = shown.one("div", **{"class": "sides"}).all("section")
    assert was.one("h3").text == "Under its own rules"


def test_the_page_of_the_call_offers_the_rules_that_are_kept(staffed, client):
    other = keep(staffed, assets.RULESET.read_text().replace("level: 5", "level: 4"))
    shown = read(client.get(f"/console/calls/{staffed.place(STROKE)}"))
    values = [option.attributes["value"] for option in shown.one("select", id="rerun-rules").all("option")]
    assert values == ["own", other]


def test_a_piece_of_the_page_is_given_to_the_page_itself(staffed, client):
    piece = again(client, staffed.place([YES, NO]), "own", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "The same." in piece


def test_running_a_call_again_is_written_down(staffed, client):
    call_id = staffed.place(STROKE)
    again(client, call_id, "own")
    assert staffed.audit()[-1][1:] == ("call_replayed", call_id)


@pytest.mark.parametrize("rules", ["f" * 64, "nonsense", "%00"])
def test_rules_nobody_kept_are_not_found(staffed, client, rules):
    assert again(client, staffed.place(STROKE), rules).status_code == 404


def test_rules_that_cannot_be_read_are_told_as_such(staffed, client):
    broken = keep(staffed, "questions: none")
    assert again(client, staffed.place(STROKE), broken).status_code == 422
