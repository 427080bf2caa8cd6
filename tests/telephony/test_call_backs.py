"""A call while nobody is there: who is closed comes from the hours, and whom to call back from the carrier."""

from __future__ import annotations

import io

import pytest
import structlog

from tests.telephony.conftest import CALLER, ON_CALL, Carrier, dialed, said, tags
from voicebot.calls.entries import canonical
from voicebot.calls.outcome import Outcome
from voicebot.calls.replay import replay
from voicebot.dialog.effects import PreferredTime, Target
from voicebot.dialog.events import Channel, Connected, KeyPressed
from voicebot.errors import VoicebotError
from voicebot.logs import set_up_logs
from voicebot.routing.hours_file import parse_hours
from voicebot.session import open_session
from voicebot.storage.memory_store import MemoryStore

NEVER_OPEN = parse_hours("time_zone: UTC\ndesks: {scheduling: {}, front_desk: {}, nurse: {}}\n", "hours.yaml")


@pytest.fixture
def at_night(make_parts):
    """Return a function: a carrier of a line whose desks are closed, with some settings of one's own."""

    def make(**settings):
        return Carrier(make_parts(**({"streaming": False, "hours": NEVER_OPEN} | settings)))

    return make


def call_backs(carrier, **which):
    return [(row.preferred, row.number) for row in carrier.parts.store.call_backs(**which)]


def test_who_is_closed_is_written_into_the_first_event(at_night, carrier):
    night = at_night()
    night.post("/voice/incoming")
    assert set(night.events()[0].closed) == set(Target)
    assert night.events()[0].number_shown
    carrier.post("/voice/incoming")
    assert carrier.events()[0].closed == (Target.AFTER_HOURS,), "without hours every number is tried"


def test_a_call_back_is_stored_with_its_time_and_the_number_the_carrier_tells(at_night):
    carrier = at_night()
    document = carrier.press(carrier.post("/voice/incoming"), "0")
    assert said(document) == ["closed.front_desk", "call_back", "keys_short"]
    assert call_backs(carrier) == []
    document = carrier.press(document, "1", "2")
    assert said(document) == ["call_noted.afternoon", "goodbye"]
    assert call_backs(carrier) == [(PreferredTime.AFTERNOON, CALLER)]
    carrier.send("/voice/status", CallStatus="completed")
    assert carrier.call().outcome is Outcome.CALL_BACK


def test_on_a_stream_the_number_is_told_when_the_stream_ends(at_night):
    carrier = at_night(streaming=True)
    carrier.post("/voice/incoming")
    session = open_session(carrier.parts.ruleset, carrier.parts.store, carrier.call().call_id)
    session.handle(Connected(0, Channel.STREAM))
    for key in "01":
        session.handle(KeyPressed(0, key))
    assert call_backs(carrier) == [(PreferredTime.ANY, None)], "stored before anybody knows the number"
    carrier.send("/voice/status", CallStatus="completed")
    assert call_backs(carrier) == [(PreferredTime.ANY, CALLER)]


def test_who_is_on_call_is_rung_at_night(at_night):
    carrier = at_night(after_hours_number=ON_CALL)
    assert dialed(carrier.press(carrier.post("/voice/incoming"), "0")) == ON_CALL


def test_a_hidden_number_is_not_asked_about_a_call_back(at_night):
    carrier = at_night()
    document = carrier.press(carrier.post("/voice/incoming", From="+266696687"), "0")
    assert said(document) == ["closed.front_desk", "call_again", "goodbye"]
    assert tags(document)[-1] == "Hangup"


def test_no_record_and_no_log_holds_the_number(at_night):
    lines = io.StringIO()
    set_up_logs(lines)
    try:
        carrier = at_night()
        carrier.press(carrier.post("/voice/incoming"), "0", "1", "1")
        carrier.send("/voice/status", CallStatus="completed")
    finally:
        structlog.reset_defaults()
    assert CALLER not in lines.getvalue()
    assert CALLER.encode() not in canonical(carrier.record())


def test_a_call_at_night_is_the_same_when_it_is_run_again_by_day(at_night):
    carrier = at_night()
    carrier.press(carrier.post("/voice/incoming"), "0", "1", "1")
    assert replay(carrier.parts.ruleset, carrier.parts.store.load(carrier.call().call_id)) is None


def test_a_number_that_cannot_be_kept_changes_nothing_for_the_caller(at_night):
    class Full(MemoryStore):
        def keep_number(self, call_id, number):
            raise VoicebotError("store_failed", "The disk is full.")

    carrier = at_night(store=Full())
    document = carrier.press(carrier.post("/voice/incoming"), "0", "1")
    assert said(document) == ["call_back_time", "keys_short"]
    assert call_backs(carrier) == [(PreferredTime.ANY, None)]


def test_nobody_s_number_is_kept_without_a_call_back(carrier):
    carrier.post("/voice/incoming")
    carrier.send("/voice/status", CallStatus="completed")
    assert call_backs(carrier) == call_backs(carrier, done=True) == []
