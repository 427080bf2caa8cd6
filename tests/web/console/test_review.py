"""The review: queue, claims, verdicts, corrected words, and what is made of them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from tests.web.office import MUMBLED, NO, NOON, YES
from tests.web.pages import read, table
from voicebot.batch.look_through import look_through
from voicebot.calls.measures import Carried, Followed
from voicebot.calls.review_reasons import ReviewReason
from voicebot.dialog.effects import Target
from voicebot.dialog.events import Heard
from voicebot.staff.agreement import ENOUGH
from voicebot.staff.replaying import Change, ReplayState
from voicebot.staff.review import LEASE, ReviewState
from voicebot.staff.roles import Role
from voicebot.storage.review_store import ReviewStore
from voicebot.web.console.keys import HELP, LIST, REVIEW, SOUND, TURNS
from voicebot.web.console.review_words import CARRIED, CHANGES, FOLLOWED, REASONS, REPLAY_STATES, STATES, TARGETS


@pytest.fixture
def emergency(staffed):
    """A call with sound that ended in an emergency, looked through."""
    call_id = staffed.place([YES, YES, NO, NO], sound=True)
    look(staffed)
    return call_id


def look(staffed):
    look_through(staffed.store, staffed.engine, NOON + timedelta(days=1), 50)


def nurse(staffed, name="ann", role=Role.REVIEWER):
    return staffed.client_of(staffed.add(role, name))


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return read(response)


def queue(client):
    return table(page(client, "/console/review"))


def post(client, call_id, what, **form):
    return client.post(f"/console/review/{call_id}/{what}", data=form)


def judged(client, call_id, what="verdict", **form):
    assert post(client, call_id, "claim").status_code == 303
    return post(client, call_id, what, **form)


def test_an_empty_queue_says_so(staffed):
    assert "No call waits for a review" in page(nurse(staffed), "/console/review").one("main").text


def test_the_queue_tells_why_each_call_is_there_the_most_urgent_first(staffed):
    staffed.place([MUMBLED, MUMBLED, MUMBLED])
    staffed.place([YES, YES, NO, NO], started_at=NOON + timedelta(hours=1))
    look(staffed)
    rows = queue(nurse(staffed))
    assert ["Emergency" in row["Why it is here"] for row in rows] == [True, False]
    assert "Asked again often" in rows[1]["Why it is here"]
    assert [row["The line decided"] for row in rows] == ["5, call 911", "not decided weighs as 3"]


@pytest.mark.parametrize(("waited", "told", "late"), [(60, "1 h 0 min", False), (61, "1 h 1 min, late", True)])
def test_an_emergency_that_waits_for_longer_than_it_may_is_late(staffed, emergency, waited, told, late):
    staffed.now = staffed.store.call(emergency).ended_at + timedelta(minutes=waited)
    client = nurse(staffed)
    (row,) = queue(client)
    assert row["Waits for"] == told
    shown = page(client, "/console/review").one("main").text
    assert ("1 emergency has waited for longer than 1 h 0 min" in shown) is late
    assert ("Late: it has waited for" in page(client, f"/console/review/{emergency}").one("main").text) is late


def test_no_other_call_is_ever_late(staffed):
    staffed.place([MUMBLED, MUMBLED, MUMBLED])
    look(staffed)
    staffed.later(days=3)
    (row,) = queue(nurse(staffed))
    assert row["Waits for"].startswith("2 d")
    assert row["Waits for"].endswith("h")


def test_a_reader_goes_from_call_to_call_and_past_those_that_others_have(staffed):
    calls = [staffed.place([YES, YES, NO, NO], started_at=NOON + timedelta(hours=hour)) for hour in range(3)]
    look(staffed)
    ann = nurse(staffed)

    def led_to(call_id, path="review"):
        links = page(ann, f"/console/{path}/{call_id}").all("a")
        return {link.attributes["rel"]: link.attributes["href"] for link in links if "rel" in link.attributes}

    assert led_to(calls[0]) == {"next": f"/console/review/{calls[1]}"}
    assert led_to(calls[1], "calls") == {
        "prev": f"/console/calls/{calls[0]}",
        "next": f"/console/calls/{calls[2]}",
    }
    post(nurse(staffed, "bob"), calls[1], "claim")
    assert led_to(calls[0]) == {"next": f"/console/review/{calls[2]}"}
    judged(ann, calls[0], verdict="agree")
    assert led_to(calls[0]) == {"next": f"/console/review/{calls[2]}"}


def test_every_key_that_is_listed_presses_something(staffed, emergency):
    client = nurse(staffed)
    free = page(client, f"/console/review/{emergency}")
    post(client, emergency, "claim")
    held = page(client, f"/console/review/{emergency}")
    call = page(client, f"/console/calls/{emergency}")
    staffed.place([YES, YES, NO, NO], started_at=NOON + timedelta(hours=1))
    staffed.place([YES, YES, NO, NO], started_at=NOON - timedelta(hours=1))
    look(staffed)
    beside = page(client, f"/console/review/{emergency}")
    pressed = {
        element.attributes["data-key"]
        for shown in (free, held, call, beside, page(client, "/console/calls"))
        for tag in ("a", "button", "input", "summary")
        for element in shown.all(tag)
        if "data-key" in element.attributes
    }
    listed = {name.lower() for keys in (SOUND, TURNS, REVIEW, LIST, [HELP]) for names, _ in keys for name in names}
    assert listed - pressed == {"space", "[", "]", "↑", "↓", "←", "→"}  # call_keys.js and call_turns.js know these
    assert {name for name in pressed if len(name) > 1} == set()


def test_agreement_is_told_of_enough_calls(staffed):
    for hour in range(ENOUGH):
        staffed.place([YES, YES, NO, NO], started_at=NOON + timedelta(hours=hour))
    look(staffed)
    ann, bob = nurse(staffed), nurse(staffed, "bob")
    calls = [review.call_id for review in ReviewStore(staffed.engine).queue()]
    for call_id in calls[:10]:
        judged(ann, call_id, verdict="disagree", level="3", reason="Old.")
        judged(bob, call_id, "second-verdict", verdict="agree")
    for call_id in calls[10:-1]:
        judged(ann, call_id, verdict="agree")
    told = page(ann, "/console/review").one("main").text
    assert "The line and the first reader: the same level for 19 of 29 calls: too few to say." in told
    judged(ann, calls[-1], verdict="agree")
    told = page(ann, "/console/review").one("main").text
    assert "The line and the first reader: the same level for 20 of 30 calls, 67%; Cohen's kappa 0.00." in told
    assert "The first and the second reader: the same level for 0 of 10 calls: too few to say." in told


def test_of_two_nurses_one_gets_the_call(staffed, emergency):
    ann, bob = nurse(staffed), nurse(staffed, "bob")
    assert post(ann, emergency, "claim").status_code == 303
    refused = post(bob, emergency, "claim")
    assert refused.status_code == 409
    assert "ann is working on this call" in refused.get_data(as_text=True)
    assert "ann has it" in queue(bob)[0]["Work"]
    staffed.later(minutes=16)
    assert post(bob, emergency, "claim").status_code == 303


def test_a_call_stays_with_the_nurse_who_goes_on_writing(staffed, emergency):
    ann = nurse(staffed)
    post(ann, emergency, "claim")
    (writing,) = [one for one in page(ann, f"/console/review/{emergency}").all("div") if "hx-post" in one.attributes]
    for _ in range(2):
        staffed.later(minutes=10)
        renewed = ann.post(writing.attributes["hx-post"])
        assert renewed.status_code == 200
        until = (staffed.now + LEASE).astimezone().strftime("%H:%M")
        assert f"You have this call until {until}" in renewed.get_data(as_text=True)
    assert post(nurse(staffed, "bob"), emergency, "claim").status_code == 409
    assert post(ann, emergency, "verdict", verdict="agree").status_code == 303


def test_a_call_that_somebody_else_has_by_now_is_not_renewed_and_the_page_says_so(staffed, emergency):
    ann, bob = nurse(staffed), nurse(staffed, "bob")
    post(ann, emergency, "claim")
    staffed.later(minutes=16)
    post(bob, emergency, "claim")
    refused = post(ann, emergency, "renew")
    assert refused.status_code == 409
    told = read(refused).one("p", role="alert").text
    assert told.startswith("bob is working on this call")
    assert "can no longer be saved" in told
    assert queue(bob)[0]["Work"] == "Yours: go on"
    post(bob, emergency, "release")
    assert "You are not working on this call" in post(ann, emergency, "renew").get_data(as_text=True)


def test_a_nurse_who_agrees_settles_the_call(staffed, emergency):
    ann = nurse(staffed)
    assert judged(ann, emergency, verdict="agree").status_code == 303
    assert "No call waits" in page(ann, "/console/review").one("main").text
    assert "Held right: 5, call 911" in page(ann, f"/console/review/{emergency}").one("main").text
    assert ("ann", "call_reviewed", emergency) in staffed.audit()


def test_a_disagreement_is_read_by_somebody_else(staffed, emergency):
    ann, bob = nurse(staffed), nurse(staffed, "bob")
    assert judged(ann, emergency, verdict="disagree", level="3", reason="It was a slip.").status_code == 303
    assert judged(ann, emergency, "second-verdict", verdict="agree").status_code == 409
    post(ann, emergency, "release")
    assert judged(bob, emergency, verdict="agree").status_code == 409
    assert judged(bob, emergency, "second-verdict", verdict="disagree", level="4", reason="Urgent.").status_code == 303
    told = page(bob, f"/console/review/{emergency}").one("main").text
    assert "It was a slip." in told
    assert "Held right: 4, emergency room" in told


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verdict": "maybe", "level": "3", "reason": "So."},
        {"verdict": "disagree", "level": "3"},
        {"verdict": "disagree", "reason": "So."},
        {"verdict": "disagree", "level": "5", "reason": "It is the line's own."},
        {"verdict": "disagree", "level": "9", "reason": "So."},
    ],
)
def test_a_verdict_that_is_none_is_refused(staffed, emergency, form):
    assert judged(nurse(staffed), emergency, **form).status_code == 422


def test_without_holding_the_call_nothing_is_kept(staffed, emergency):
    ann = nurse(staffed)
    assert post(ann, emergency, "verdict", verdict="agree").status_code == 409
    assert post(ann, emergency, f"words/{first_words(staffed, emergency)}", words="yes").status_code == 409


def first_words(staffed, call_id):
    return next(entry.seq for entry in staffed.store.load(call_id) if isinstance(entry.message, Heard))


def test_words_are_corrected_beside_the_record(staffed, emergency):
    ann, seq = nurse(staffed), first_words(staffed, emergency)
    post(ann, emergency, "claim")
    assert post(ann, emergency, f"words/{seq}", words="Yes  indeed").status_code == 303
    said = page(ann, f"/console/review/{emergency}").one("li", id=f"said-{seq}")
    assert said.one("ins").text == "indeed"
    assert "corrected by ann; no consent to sound at that time" in said.text
    assert staffed.store.load(emergency)[seq].message.words == "yes"
    assert ("ann", "call_corrected", emergency) in staffed.audit()


@pytest.mark.parametrize("seq", [0, 999])
def test_only_what_was_said_can_be_corrected(staffed, emergency, seq):
    ann = nurse(staffed)
    post(ann, emergency, "claim")
    assert post(ann, emergency, f"words/{seq}", words="yes").status_code == 404


def test_a_flag_shows_who_put_it(staffed, emergency):
    ann = nurse(staffed)
    post(ann, emergency, "flag", flag="yes")
    assert "Flagged by ann" in page(ann, f"/console/review/{emergency}").one("main").text
    post(ann, emergency, "flag")
    assert "Flagged" not in page(ann, f"/console/review/{emergency}").one("main").text
    assert staffed.audit().count(("ann", "call_flagged", emergency)) == 2


def test_a_call_becomes_a_test(staffed, emergency):
    lead = nurse(staffed, "lee", Role.LEAD)
    response = lead.get(f"/console/review/{emergency}/scenario.toml")
    assert response.status_code == 200
    assert "urgency = 5" in response.get_data(as_text=True)
    assert ("lee", "call_exported", emergency) in staffed.audit()


def test_gold_audio_has_sound_of_those_alone_who_agreed(staffed):
    agreed = [YES, NO, NO, NO, YES, NO, NO]
    call_id = staffed.place(agreed)
    staffed.record(call_id, starts_at_ms=0, ms=90_000)
    look(staffed)
    lead = nurse(staffed, "lee", Role.LEAD)
    post(lead, call_id, "claim")
    said = [entry.seq for entry in staffed.store.load(call_id) if isinstance(entry.message, Heard)]
    for seq in (said[0], said[-1]):
        assert post(lead, call_id, f"words/{seq}", words="yes please").status_code == 303
    archive = zipfile.ZipFile(io.BytesIO(lead.get("/console/review/gold.zip").data))
    assert staffed.audit()[-1] == ("lee", "call_exported", call_id)
    rows = [line.split("\t") for line in archive.read("manifest.tsv").decode().splitlines()]
    assert rows[0] == ["file", "words", "heard", "confidence", "consent"]
    consents = [row[4] for row in rows[1:]]
    assert [bool(row[0]) for row in rows[1:]] == [consent == "yes" for consent in consents]
    assert consents[0] == "no"
    assert all(len(archive.read(row[0])) > 8 * 700 for row in rows[1:] if row[0])


def test_a_call_that_still_runs_has_no_review(staffed):
    call_id = staffed.place([YES], over=False)
    assert "no review of this call yet" in page(nurse(staffed), f"/console/review/{call_id}").one("main").text
    assert post(nurse(staffed, "bob"), call_id, "claim").status_code == 404


def test_every_member_of_a_closed_set_has_words():
    assert set(REASONS) == set(ReviewReason)
    assert set(STATES) == set(ReviewState)
    assert set(CHANGES) == set(Change)
    assert set(REPLAY_STATES) == set(ReplayState)
    assert set(FOLLOWED) == set(Followed)
    assert set(CARRIED) == set(Carried)
    assert set(TARGETS) == set(Target)
