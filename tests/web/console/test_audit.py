from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pytest
from sqlalchemy import text

from tests.web.pages import read, table
from voicebot.staff.audit_chain import Audited, AuditEntry, first_fault
from voicebot.staff.roles import Role


@pytest.fixture
def client(staffed):
    return staffed.client_of(staffed.add(Role.AUDITOR, "ada"))


def note(staffed, number, who="jo"):
    for place in range(number):
        staffed.desk.audit.append(staffed.now, who, Audited.CALL_OPENED, f"call{place}")


def test_the_newest_entries_come_first_the_look_at_them_too(staffed, client):
    note(staffed, 2)
    rows = table(read(client.get("/console/audit")))
    assert [(row["Who"], row["What"], row["Call or account"]) for row in rows] == [
        ("ada", "audit seen", ""),
        ("jo", "call opened", "call1"),
        ("jo", "call opened", "call0"),
    ]


def test_older_entries_are_on_the_next_page(staffed, client):
    note(staffed, 150)
    first = read(client.get("/console/audit?who=jo"))
    second = read(client.get(first.one("a", rel="next").attributes["href"]))
    seen = [int(row["Entry"]) for page in (first, second) for row in table(page)]
    assert seen == list(range(149, -1, -1))
    assert second.all("a", rel="next") == []


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_a_place_that_is_none_leads_to_the_newest(staffed, client, before):
    note(staffed, 1)
    assert len(table(read(client.get(f"/console/audit?before={before}")))) == 2


def test_entries_can_be_asked_for_by_call(staffed, client):
    note(staffed, 3)
    note(staffed, 2, who="jim")
    assert [row["Who"] for row in table(read(client.get("/console/audit?subject=call1")))] == ["jim", "jo"]
    assert "No entry is like that." in read(client.get("/console/audit?who=nobody")).one("main").text


def test_the_check_tells_whether_the_chain_is_whole(staffed, client):
    note(staffed, 3)
    assert "3 entries" in read(client.get("/console/audit/check")).one("p", **{"class": "done"}).text
    with staffed.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET who = 'jim' WHERE seq = 1"))
    assert "Entry 1 was changed." in read(client.get("/console/audit/check")).one("p", role="alert").text


def test_the_exported_chain_can_be_verified_by_itself(staffed, client):
    note(staffed, 3)
    response = client.get("/console/audit/audit.jsonl")
    lines = [json.loads(line) for line in response.get_data(as_text=True).splitlines()]
    entries = [AuditEntry(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines]
    assert first_fault(entries, *staffed.desk.audit.head()) is None
    assert entries[-1].what == "audit_exported"
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_table_holds_no_cell_that_a_spreadsheet_would_run(staffed, client):
    staffed.desk.audit.append(staffed.now, "jo", Audited.CALL_OPENED, "=cmd|' /C calc'!A0")
    rows = list(csv.DictReader(io.StringIO(client.get("/console/audit/audit.csv").get_data(as_text=True))))
    assert rows[0]["subject"] == "'=cmd|' /C calc'!A0"
    assert [row["what"] for row in rows] == ["call_opened", "audit_exported"]
