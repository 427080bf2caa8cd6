"""What goes on now: live calls, handing one to a person, pages to staff, and call backs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.console.test_review import nurse
from tests.web.office import MUMBLED, NO, NOON, YES
from tests.web.pages import read, table
from voicebot.calls.entries import Entry
from voicebot.dialog.effects import (
    CallBack,
    Decided,
    Listen,
    PageReason,
    PageStaff,
    PreferredTime,
    Target,
    Transfer,
)
from voicebot.dialog.events import Heard, NoInput, SecondThought, StaffAsked
from voicebot.dialog.meaning import Meaning
from voicebot.staff.roles import Role
from voicebot.storage.live import live_rows
from voicebot.web.console.call_backs import TIMES
from voicebot.web.console.live import PAGE_REASONS
from voicebot.web.console.live_view import live_call

NUMBER = "+16515550199"


@pytest.fixture
def ann(staffed):
    staffed.later(minutes=1, seconds=5)
    return nurse(staffed)


def page(client, path="/console/live"):
    response = client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return read(response)


def live(staffed, *said):
    return staffed.place([YES, *said], over=False)


def add(staffed, call_id, *messages):
    length = len(staffed.store.load(call_id))
    staffed.store.append(call_id, [Entry(length + at, message) for at, message in enumerate(messages)])


def test_with_nobody_on_the_line_the_page_says_so(ann):
    assert "Nobody is on the line" in page(ann).one("main").text


def test_a_call_that_goes_on_tells_what_is_asked_and_what_was_said(staffed, ann):
    call_id = live(staffed, NO)
    staffed.place([YES])
    (row,) = table(page(ann))
    assert (row["Lasts"], row["Decided"]) == ("1:05", "not yet")
    assert row["Last said"] == "“no” (no)"
    assert row["Now"]
    assert call_id[:8] in row["Call"]
    assert ("ann", "call_opened", "calls that go on") in staffed.audit()


def test_without_the_right_to_words_only_their_meaning_shows(staffed):
    live(staffed, MUMBLED)
    shown = page(staffed.client_for(Role.READER))
    (row,) = table(shown)
    assert row["Last said"] == "(not understood)"
    assert "Hand over" not in row


def test_the_page_asks_again_for_a_piece_of_itself(staffed, ann):
    live(staffed)
    (piece,) = page(ann).all("div", id="live-now")
    assert piece.attributes["hx-trigger"] == "every 2s"
    again = page(ann, piece.attributes["hx-get"])
    assert [row["Last said"] for row in table(again)] == ["“yes” (yes)"]


def test_a_call_nothing_was_heard_of_for_long_does_not_go_on(staffed, ann):
    live(staffed)
    staffed.later(minutes=30)
    assert live_rows(staffed.engine, staffed.now - timedelta(minutes=15)) == []
    assert "Nobody is on the line" in page(staffed.client_for(Role.READER)).one("main").text


def test_a_call_is_handed_to_a_person(staffed, ann):
    call_id = live(staffed, NO)
    response = ann.post(f"/console/live/{call_id}/take")
    assert response.status_code == 303
    assert "at their next answer" in page(ann, response.headers["Location"]).one("main").text
    messages = [entry.message for entry in staffed.store.load(call_id)]
    assert any(isinstance(message, StaffAsked) for message in messages)
    assert messages[-1] == Transfer(Target.FRONT_DESK)
    assert ("ann", "call_handed_over", call_id) in staffed.audit()
    (row,) = table(page(ann))
    assert (row["Now"], row["Hand over"]) == ("Being put through to: Front desk", "on its way")
    assert ann.post(f"/console/live/{call_id}/take").status_code == 409


def test_a_call_that_is_over_is_not_handed_over(staffed, ann):
    assert ann.post(f"/console/live/{staffed.place([YES])}/take").status_code == 409
    assert ann.post("/console/live/nothing/take").status_code == 404


def test_pages_show_until_somebody_sees_to_them(staffed, ann):
    call_id = live(staffed)
    add(staffed, call_id, NoInput(9000), PageStaff(PageReason.CRISIS))
    (shown,) = page(ann).all("section", **{"aria-labelledby": "pages-heading"})
    assert "Spoke of suicide" in shown.text
    form = shown.one("form")
    assert ann.post(form.attributes["action"]).status_code == 303
    assert page(ann).all("section", **{"aria-labelledby": "pages-heading"}) == []
    (seen_to,) = page(ann).all("section", **{"aria-labelledby": "seen-heading"})
    assert seen_to.one("li").one("span").text == "ann"
    assert ann.post(form.attributes["action"]).status_code == 409
    entry = next(entry for entry in staffed.audit() if entry[1] == "page_acknowledged")
    assert entry[2].startswith(call_id)


def test_every_reason_of_a_page_and_every_time_has_words():
    assert set(PAGE_REASONS) == set(PageReason)
    assert set(TIMES) == set(PreferredTime) - {PreferredTime.WITHDRAWN}


def test_a_call_before_its_first_word(staffed):
    staffed.place([], over=False)
    (row,) = live_rows(staffed.engine, NOON - timedelta(minutes=15))
    shown = live_call(row, [], {}, NOON - timedelta(seconds=1), words=True)
    assert (shown.now, shown.last_words, shown.lasts, shown.takeable) == ("It rings", "", "0:00", False)
    assert live_call(replace(row), [], {}, NOON + timedelta(minutes=61), words=True).lasts == "61:00"


def test_what_a_caller_took_back_is_decided_no_longer(staffed):
    staffed.place([], over=False)
    (row,) = live_rows(staffed.engine, NOON - timedelta(minutes=15))
    decided = [Heard(1000, Meaning.YES, 0.98), Decided({"urgency": 5}, [])]
    taken_back = [
        *decided,
        SecondThought(2000, Meaning.NO, words="no wait"),
        Listen("taken_back", "yes_no", 5000, False, False),
    ]
    told = [
        live_call(row, [Entry(seq, one) for seq, one in enumerate(messages)], {}, NOON, words=True)
        for messages in (decided, taken_back)
    ]
    assert [(one.urgency, one.last_words) for one in told] == [(5, "(yes)"), (None, "“no wait” (no)")]


def test_nobody_waits_to_be_called_back(ann):
    assert "Nobody waits to be called back" in page(ann, "/console/call-backs").one("main").text


def test_who_waits_to_be_called_back_the_pressing_ones_first(staffed, ann):
    calm, pressing = staffed.place([YES]), staffed.place([YES], started_at=NOON + timedelta(hours=1))
    add(staffed, calm, NoInput(20_000), CallBack(PreferredTime.MORNING))
    add(staffed, pressing, NoInput(20_000), CallBack(PreferredTime.SOON))
    staffed.store.keep_number(pressing, NUMBER)
    rows = table(page(ann, "/console/call-backs"))
    assert [(row["When"], row["Number"]) for row in rows] == [
        ("At once: cannot wait", NUMBER),
        ("In the morning", "not known"),
    ]
    asked_first, _ = (
        page(ann, "/console/call-backs").one("tbody").all("details")
    )  # no slip of the hand forgets a number
    assert asked_first.one("form").attributes["action"] == f"/console/call-backs/{pressing}/done"
    assert ann.post(f"/console/call-backs/{pressing}/done").status_code == 303
    shown = page(ann, "/console/call-backs")
    assert NUMBER not in shown.text
    assert pressing[:8] in shown.one("section").text
    assert ann.post(f"/console/call-backs/{pressing}/done").status_code == 409
    told = [what for _, what, _ in staffed.audit()]
    assert {"call_backs_seen", "call_back_done"} <= set(told)


def test_whose_call_was_never_closed_waits_with_what_was_decided_on_it(staffed, ann):
    call_id = live(staffed, YES)
    add(staffed, call_id, NoInput(20_000), CallBack(PreferredTime.SOON))
    (row,) = table(page(ann, "/console/call-backs"))
    assert row["Urgency"] == "5, call 911"


def test_numbers_are_for_those_who_call_back(staffed):
    assert staffed.client_for(Role.READER).get("/console/call-backs").status_code == 403
