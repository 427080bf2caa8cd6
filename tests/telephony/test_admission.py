"""How many callers are taken, and what becomes of those for whom there is no room, whatever state the store is in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.telephony.conftest import FRONT_DESK, ON_CALL, SID, Carrier, dialed, said, tags
from voicebot import assets
from voicebot.dialog.events import Fault, Heard
from voicebot.dialog.meaning import Meaning
from voicebot.duty import SEAT_S, Duty
from voicebot.routing.hours_file import parse_hours
from voicebot.session import open_session
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony import webhooks

OTHER, THIRD = "CA00000000000000000000000000000002", "CA00000000000000000000000000000003"
SUNDAY = datetime(2026, 1, 4, 12, tzinfo=UTC)


class Untouchable(MemoryStore):
    """A store that nobody may wait for once `shut` is set."""

    shut = False

    def __getattribute__(self, name):
        if name != "shut" and not name.startswith("__") and MemoryStore.__getattribute__(self, "shut"):
            raise AssertionError(f"the store was asked for {name}")
        return super().__getattribute__(name)


class Untouched:
    """Ears that nobody may open."""

    def listen(self, *_):
        raise AssertionError


@pytest.fixture
def full(make_parts):
    """A line with live audio on which both seats are taken, and whose store answers nothing any more."""

    def make(**settings):
        store = Untouchable()
        carrier = Carrier(make_parts(store=store, ears=Untouched(), **settings))
        carrier.post("/voice/incoming")
        carrier.post("/voice/incoming", sid=OTHER)
        store.shut = True
        return carrier

    return make


@pytest.fixture
def sunday(monkeypatch):
    monkeypatch.setattr(webhooks, "utc_now", lambda: SUNDAY)
    return parse_hours(assets.HOURS.read_text(), "hours.yaml")


def test_a_full_house_puts_callers_through_without_a_stream_and_without_the_store(full):
    document = full().post("/voice/incoming", sid=THIRD)
    assert tags(document) == ["Play", "Dial", "Say", "Hangup"]
    assert said(document) == ["no_room"]
    assert dialed(document) == FRONT_DESK


def test_rules_nobody_stands_for_decide_on_nobody(make_parts):
    store = Untouchable()
    carrier = Carrier(make_parts(store=store, ears=Untouched(), allow_unapproved_rules=False))
    store.shut = True
    document = carrier.post("/voice/incoming")
    assert tags(document) == ["Play", "Dial", "Say", "Hangup"]
    assert said(document) == ["no_room"]
    assert dialed(document) == FRONT_DESK


def test_a_call_that_began_under_other_rules_goes_to_a_person(make_parts):
    before = make_parts()
    Carrier(before).post("/voice/incoming")
    carrier = Carrier(make_parts(store=before.store, allow_unapproved_rules=False))
    assert dialed(carrier.post("/voice/resume")) == FRONT_DESK
    assert [entry.message for entry in before.store.load(next(iter(before.store.call_ids())))][1:] == []


def test_a_full_house_after_hours_rings_whoever_is_on_call(full, sunday):
    document = full(hours=sunday, after_hours_number=ON_CALL).post("/voice/incoming", sid=THIRD)
    assert dialed(document) == ON_CALL


def test_a_full_house_with_nobody_there_tells_what_to_do(full, sunday):
    document = full(hours=sunday).post("/voice/incoming", sid=THIRD)
    assert tags(document) == ["Play", "Hangup"]
    assert said(document) == ["no_room.closed"]


def test_a_known_call_is_no_further_one(carrier):
    first = carrier.post("/voice/incoming")
    carrier.post("/voice/incoming", sid=OTHER)
    assert carrier.post("/voice/incoming") == first


@pytest.mark.parametrize("status", ["completed", "canceled", "failed", "busy", "no-answer"])
def test_a_call_that_is_over_leaves_room(carrier, status):
    carrier.post("/voice/incoming")
    carrier.post("/voice/incoming", sid=OTHER)
    carrier.send("/voice/status", CallStatus=status)
    assert tags(carrier.post("/voice/incoming", sid=THIRD)) == ["Gather", "Redirect"]


def test_a_call_of_which_nothing_is_heard_leaves_room(make_parts):
    now = [0.0]
    carrier = Carrier(make_parts(streaming=False, duty=Duty(lambda: now[0])))
    carrier.post("/voice/incoming")
    carrier.post("/voice/incoming", sid=OTHER)
    now[0] = SEAT_S + 1
    assert tags(carrier.post("/voice/incoming", sid=THIRD)) == ["Gather", "Redirect"]


def test_a_status_of_a_caller_who_was_refused_takes_no_seat(carrier):
    carrier.post("/voice/incoming")
    carrier.post("/voice/incoming", sid=OTHER)
    carrier.post("/voice/incoming", sid=THIRD)
    carrier.send("/voice/status", sid=THIRD, CallStatus="in-progress")
    assert carrier.parts.duty.calls() == 2


def test_a_call_that_could_not_be_noted_takes_no_seat(make_parts):
    carrier = Carrier(make_parts(streaming=False, store=Untouchable()))
    carrier.parts.store.shut = True
    assert dialed(carrier.post("/voice/incoming")) == FRONT_DESK
    assert carrier.parts.duty.calls() == 0


def test_a_call_without_an_id_goes_to_a_person(carrier):
    assert dialed(carrier.post("/voice/incoming", sid="")) == FRONT_DESK
    assert carrier.parts.store.call_ids() == []
    assert carrier.parts.duty.calls() == 0


# --- a server that is told to stop ----------------------------------------------------------------------------------


def test_while_stopping_calls_go_on_and_new_ones_go_to_a_person(carrier):
    greeting = carrier.post("/voice/incoming")
    carrier.parts.duty.drain()
    assert said(carrier.press(greeting, "1"))[0] == "intro_questions"
    assert said(carrier.post("/voice/incoming", sid=OTHER)) == ["no_room"]
    assert carrier.call(OTHER) is None


def test_a_stopped_server_takes_the_last_answer_and_hands_the_call_over(carrier):
    greeting = carrier.post("/voice/incoming")
    carrier.parts.duty.leave()
    document = carrier.press(greeting, "1")
    assert [verb.text for verb in document if verb.tag == "Say"] == ["to_person.fault", "still_here"]
    assert dialed(document) == FRONT_DESK
    assert document[-2].tag == "Say", "nothing is fetched from here any more"
    answered, fault = carrier.events()[-2:]
    assert answered.key == "1"
    assert isinstance(fault, Fault)
    assert fault.code == "server_stopping"
    assert carrier.parts.duty.calls() == 0


def test_a_stopped_server_says_last_words_to_the_end(carrier):
    document = carrier.press(carrier.post("/voice/incoming", From="anonymous"), "0")
    carrier.parts.duty.leave()
    last = carrier.dial_ends(document, "busy")
    assert [(verb.tag, verb.text) for verb in last] == [
        ("Say", "transfer.busy"),
        ("Say", "transfer.nobody"),
        ("Say", "goodbye"),
        ("Hangup", None),
    ]


def test_the_call_of_a_stopped_server_is_still_rung_for_as_it_was_decided(carrier):
    greeting = carrier.post("/voice/incoming")
    carrier.parts.duty.leave()
    document = carrier.press(greeting, "0")
    assert dialed(document) == FRONT_DESK
    assert "action" not in document[1].attributes, "nobody will be here to be told how it ended"
    assert carrier.call(SID).ended_at is None


def test_a_stopped_server_leaves_nobody_who_spoke_of_suicide(carrier):
    carrier.post("/voice/incoming")
    call = open_session(carrier.parts.ruleset, carrier.parts.store, carrier.call(SID).call_id)
    call.handle(Heard(1000, Meaning.SUICIDE, 1.0))
    ringing = carrier.post("/voice/resume")
    carrier.parts.duty.leave()
    document = carrier.dial_ends(ringing, "busy")
    assert "staying.nobody" in [verb.text for verb in document if verb.tag == "Say"]
    assert tags(document).count("Dial") > 10
    assert "Hangup" not in tags(document)
    assert document[-1].tag == "Redirect"


def test_a_stopped_server_lets_those_go_whom_a_person_has_helped(carrier):
    carrier.post("/voice/incoming")
    call = open_session(carrier.parts.ruleset, carrier.parts.store, carrier.call(SID).call_id)
    call.handle(Heard(1000, Meaning.SUICIDE, 1.0))
    ringing = carrier.post("/voice/resume")
    carrier.answers_the_telephone(ringing, "1")
    carrier.parts.duty.leave()
    assert tags(carrier.dial_ends(ringing, "completed")) == ["Hangup"]
