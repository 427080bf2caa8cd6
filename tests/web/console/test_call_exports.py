"""Calls taken out of the console."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from tests.web.office import NO, NOON, YES
from tests.web.pages import read, table
from voicebot.calls.document import call_from_json
from voicebot.staff import roles
from voicebot.staff.roles import Action, Role


@pytest.fixture
def lead(staffed):
    return staffed.add(Role.LEAD)


@pytest.fixture
def client(staffed, lead):
    return staffed.client_of(lead)


@pytest.fixture
def placed(staffed):
    return [
        staffed.place(answers, started_at=NOON + timedelta(hours=hour))
        for hour, answers in enumerate(([YES, YES], [YES, ("my secret leg", None, 0.3)], [YES, NO]))
    ]


def test_a_call_as_json_is_the_call(staffed, client, placed):
    response = client.get(f"/console/calls/{placed[1]}/export.jsonl")
    assert response.headers["Content-Disposition"] == f"attachment; filename=call-{placed[1][:12]}.jsonl"
    call = call_from_json(json.loads(response.text))
    assert (call.call_id, list(call.entries)) == (placed[1], staffed.store.load(placed[1]))
    assert "secret" in response.text


def test_a_call_as_a_bundle(client, placed):
    bundle = json.loads(client.get(f"/console/calls/{placed[0]}/export.fhir").text)
    assert (bundle["resourceType"], bundle["identifier"]["value"]) == ("Bundle", placed[0])


def test_what_a_view_finds_as_a_table(client, placed):
    rows = list(csv.DictReader(io.StringIO(client.get("/console/calls-export.csv").text)))
    assert [row["call_id"] for row in rows] == placed[::-1]
    (row,) = csv.DictReader(io.StringIO(client.get("/console/calls-export.csv?urgency=5").text))
    assert row["call_id"] == placed[0]
    assert "secret" not in str(rows)


def test_a_view_that_finds_nothing_is_an_empty_file(client, placed):
    assert client.get("/console/calls-export.jsonl?urgency=0").text == ""


def test_exports_are_written_down_without_a_word_of_a_caller(staffed, lead, client, placed):
    client.get(f"/console/calls/{placed[0]}/export.csv")
    client.get("/console/calls-export.jsonl?urgency=none&q=secret&confidence=0.5")
    assert staffed.audit() == [
        (lead.name, "call_exported", placed[0]),
        (lead.name, "calls_exported", "1 as jsonl: urgency=none&confidence=0.5"),
        (lead.name, "call_exported", placed[1]),
    ]


def test_who_took_a_call_out_is_found_by_its_id_also_when_it_was_a_whole_view(staffed, lead, client, placed):
    client.get("/console/calls-export.csv")
    auditor = staffed.client_for(Role.AUDITOR)
    for call_id in placed:
        shown = read(auditor.get(f"/console/audit?subject={call_id}"))
        assert [(row["Who"], row["What"]) for row in table(shown)] == [(lead.name, "call exported")]


def test_who_may_export_but_not_see_words_gets_none(monkeypatch, staffed, client, placed):
    monkeypatch.setitem(roles.RIGHTS, Role.LEAD, roles.RIGHTS[Role.LEAD] - {Action.SEE_WORDS})
    for path in (f"calls/{placed[1]}/export.jsonl", f"calls/{placed[1]}/export.fhir", "calls-export.jsonl"):
        response = client.get(f"/console/{path}")
        assert response.status_code == 200
        assert "secret" not in response.text
    assert client.get(f"/console/review/{placed[1]}/scenario.toml").status_code == 403


def test_only_who_may_export_is_offered_it(staffed, client, placed):
    def links(reader, path):
        return [link.attributes.get("href", "") for link in read(reader.get(path)).all("a")]

    reader = staffed.client_for(Role.REVIEWER)
    for path in ("/console/calls", f"/console/calls/{placed[0]}"):
        assert any("export" in link for link in links(client, path))
        assert not any("export" in link for link in links(reader, path))


def test_calls_that_are_ticked_are_taken_out_and_nothing_else(staffed, client, lead, placed):
    response = client.get("/console/chosen-calls.jsonl", query_string={"call": [placed[2], placed[0], placed[2]]})
    assert [json.loads(line)["call_id"] for line in response.text.splitlines()] == [placed[2], placed[0]]
    told = [(who, subject) for who, what, subject in staffed.audit() if what == "call_exported"]
    assert told == [(lead.name, placed[2]), (lead.name, placed[0])]
    assert client.get("/console/chosen-calls.csv").status_code == 422
    assert client.get("/console/chosen-calls.csv?call=nothing").status_code == 404
