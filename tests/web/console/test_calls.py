"""What a member finds on the list of calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.web.console.test_review import look, nurse
from tests.web.office import MUMBLED, NO, NOON, YES
from tests.web.pages import read, table
from voicebot.calls.entries import Entry
from voicebot.dialog.events import Fault
from voicebot.dialog.meaning import Meaning
from voicebot.staff.roles import Role

STROKE = [YES, YES]
"""About a leg; a yes to the first emergency question."""


@pytest.fixture
def client(staffed):
    return staffed.client_for(Role.LEAD)


def shown(client, query=""):
    response = client.get(f"/console/calls{query}")
    assert response.status_code == 200
    return read(response)


def ids(page):
    return [link.attributes["href"].rpartition("/")[2] for link in page.one("tbody").all("a")]


def test_without_calls_the_list_says_so(client):
    page = shown(client)
    assert page.all("table") == []
    assert "No call has come in yet." in page.one("main").text
    assert "No call is like that." in shown(client, "?urgency=5").one("main").text


def test_the_list_tells_each_call_in_a_line(staffed, client):
    call_id = staffed.place(STROKE)
    page = shown(client)
    (row,) = table(page)
    assert (row["State"], row["Length"], row["Urgency"]) == ("over", "0:22", "5, call 911")
    assert (row["Lowest confidence"], row["Asked again"], row["Faults"]) == ("0.99, high", "0", "0")
    assert row["Review"] == "not looked through yet"
    assert ids(page) == [call_id]
    assert "1 call, the newest first" in page.one("caption").text
    (time,) = page.one("tbody").all("time")
    assert datetime.fromisoformat(time.attributes["datetime"]) == NOON


def test_who_looks_at_the_list_has_calls_looked_through(staffed, client):
    staffed.app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: look(staffed))
    staffed.place(STROKE)
    (row,) = table(shown(client))
    assert row["Review"] == "waiting"


def test_columns_can_be_chosen(staffed, client):
    staffed.place(STROKE)
    (row,) = table(shown(client, "?column=rules&column=answers&column=channel&column=version&column=number"))
    assert list(row) == ["When", "Decided by", "Answers", "Number", "Came in", "Rule set"]
    assert "stroke-face" in row["Decided by"]
    assert (row["Answers"], row["Came in"], row["Number"]) == ("2", "by live audio", "not kept")
    assert row["Rule set"] == f"{staffed.ruleset.id} {staffed.ruleset.version}"


@pytest.mark.parametrize(
    ("answers", "urgency", "lowest", "again"),
    [
        ([], "not decided", "nothing heard", "0"),
        ([("person", Meaning.OPERATOR, 0.8)], "not decided", "0.80, middling", "0"),
        ([YES, MUMBLED, None], "not decided", "0.20, low", "2"),
    ],
)
def test_the_list_tells_how_a_call_went(staffed, client, answers, urgency, lowest, again):
    staffed.place(answers)
    (row,) = table(shown(client))
    assert (row["Urgency"], row["Lowest confidence"], row["Asked again"]) == (urgency, lowest, again)


@pytest.mark.parametrize(("age", "state"), [(timedelta(), "live"), (timedelta(hours=1), "broken off")])
def test_a_call_without_an_end_is_live_only_while_it_can_be(staffed, client, age, state):
    staffed.place([YES], started_at=staffed.now - age, over=False)
    (row,) = table(shown(client))
    assert (row["State"], row["Outcome"]) == (state, "none yet")
    assert len(shown(client, "?live=1").all("tbody")) == (state == "live")


def test_calls_are_found_by_what_they_were_like(staffed, client):
    stroke = staffed.place(STROKE)
    doubt = staffed.place([YES, ("um my left leg", None, 0.3)], started_at=NOON + timedelta(days=3))
    broken = staffed.place([YES, NO], over=False, started_at=NOON + timedelta(days=6))
    staffed.store.append(broken, [Entry(len(staffed.store.load(broken)), Fault(30_000, "ears_failed"))])
    for query, found in {
        "?urgency=5&urgency=4": [stroke],
        "?q=LEFT+leg": [doubt],
        f"?q={stroke[:8]}": [stroke],
        "?confidence=0.5": [doubt],
        "?reprompts=1": [doubt],
        "?fault=any": [broken],
        "?fault=ears_failed&urgency=none": [broken],
        "?rule=stroke-face": [stroke],
        "?from=2026-11-24&to=2026-11-26": [doubt],
    }.items():
        assert ids(shown(client, query)) == found, query


def test_what_is_not_understood_is_said_and_the_rest_is_shown(staffed, client):
    staffed.place(STROKE)
    page = shown(client, "?urgency=12&confidence=much")
    assert len(page.all("p", role="alert")) == 2
    assert len(table(page)) == 1


def test_the_newest_call_comes_first_and_pages_lead_on_and_back(staffed, client):
    placed = [staffed.place([], started_at=NOON + timedelta(minutes=minute)) for minute in range(53)][::-1]
    first = shown(client, "?urgency=none")
    assert first.all("a", rel="prev") == []
    second = read(client.get(first.one("a", rel="next").attributes["href"]))
    assert second.all("a", rel="next") == []
    assert ids(first) + ids(second) == placed
    back = read(client.get(second.one("a", rel="prev").attributes["href"]))
    assert ids(back) == ids(first)


def test_a_view_of_several_states_can_be_narrowed_further_and_keeps_them(client):
    (view,) = [link for link in shown(client).all("a") if link.text == "Waiting for review"]
    picker = read(client.get(view.attributes["href"])).one("select", id="f-review")
    assert "multiple" in picker.attributes  # without it a browser sends the last one alone
    chosen = [option.attributes["value"] for option in picker.all("option") if "selected" in option.attributes]
    assert chosen == ["waiting", "second_reader"]
    assert "multiple" not in shown(client, "?review=waiting&review=").one("select", id="f-review").attributes


def test_a_view_by_a_rule_of_older_rules_keeps_it_when_it_is_narrowed_further(client):
    (chosen,) = [
        option.attributes["value"]
        for option in shown(client, "?rule=old-rule").one("select", id="f-rule").all("option")
        if "selected" in option.attributes
    ]
    assert chosen == "old-rule"


def test_a_place_nobody_knows_is_not_found(client):
    assert client.get("/console/calls?before=nobody").status_code == 404


def test_a_reader_does_not_find_calls_by_words(staffed):
    staffed.place([YES, ("um my left leg", None, 0.3)])
    reader = staffed.client_for(Role.READER)
    page = shown(reader, "?q=left")
    assert "Words are only searched for by those who may see them" in page.one("p", role="alert").text
    assert len(table(page)) == 1
    assert page.one("label", **{"for": "f-q"}).text == "Call id or last four digits"


def test_a_view_can_be_kept_found_again_and_forgotten(staffed):
    member = staffed.add(Role.READER)
    client, other = staffed.client_of(member), staffed.client_for(Role.READER)
    kept = client.post("/console/views", data={"name": "Strokes", "query": "rule=stroke-face&before=x&evil=1"})
    assert kept.headers["Location"] == "/console/calls?rule=stroke-face"
    views = shown(client, "?rule=stroke-face").one("nav", **{"aria-label": "Views"})
    (link,) = [link for link in views.all("a") if link.text == "Strokes"]
    assert link.attributes["href"] == "/console/calls?rule=stroke-face"
    assert link.attributes["aria-current"] == "true"
    assert "Strokes" not in shown(other).text
    client.post("/console/views/forget", data={"name": "Strokes"})
    assert "Strokes" not in shown(client).text


def test_a_view_without_a_name_is_refused(client):
    assert client.post("/console/views", data={"name": " ", "query": "live=1"}).status_code == 422


def test_words_nobody_should_run_stay_words(staffed, client):
    staffed.place(STROKE)
    page = shown(client, "?q=%3Cscript%3Ealert(1)%3C/script%3E&urgency=%22%3E%3Cimg%3E")
    assert page.all("img") == []
    assert [script for script in page.all("script") if "src" not in script.attributes] == []


def test_times_are_utc_for_machines_whatever_the_zone(staffed, client):
    staffed.place([], started_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    (time,) = shown(client).one("tbody").all("time")
    assert time.attributes["datetime"] == "2026-07-01T23:30:00+00:00"


def test_calls_that_are_ticked_are_taken_for_review(staffed):
    urgent, other = (staffed.place(STROKE, started_at=NOON + timedelta(hours=hour)) for hour in range(2))
    look(staffed)
    first, second = nurse(staffed, "ann"), nurse(staffed, "bob")
    taken = first.post("/console/chosen-calls/claim", data={"call": [urgent, other], "view": "urgency=5&before=x"})
    assert taken.headers["Location"] == "/console/calls?urgency=5&taken=2&left=0"
    assert "2 of the calls are yours" in shown(first, "?urgency=5&taken=2&left=0").one("main").text
    late = second.post("/console/chosen-calls/claim", data={"call": [urgent, "nothing"], "view": ""})
    assert late.headers["Location"].endswith("taken=0&left=2")
    assert first.post(f"/console/review/{other}/verdict", data={"verdict": "agree"}).status_code == 303


def test_a_tick_stands_at_each_call_for_those_who_can_do_something_with_it(staffed):
    call_id = staffed.place(STROKE)
    for role in (Role.READER, Role.REVIEWER, Role.LEAD):
        page = shown(staffed.client_for(role))
        ticks = [box.attributes["value"] for box in page.all("input", name="call")]
        assert ticks == ([] if role is Role.READER else [call_id])
        assert bool(page.all("form", id="chosen")) == (role is not Role.READER)


def test_the_list_tells_which_calls_one_has_opened_oneself(staffed, client):
    opened = staffed.place(STROKE)
    staffed.place(STROKE, started_at=NOON + timedelta(hours=1))
    client.get(f"/console/calls/{opened}")
    assert [row["When"].endswith("opened") for row in table(shown(client))] == [False, True]
    assert not any(row["When"].endswith("opened") for row in table(shown(staffed.client_for(Role.LEAD))))
