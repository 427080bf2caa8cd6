"""Another number to be called back at: keyed in, by turns or on live audio; kept for the call back, told to nobody."""

from __future__ import annotations

import io

import pytest
import structlog

from tests.telephony.conftest import CALLER, Carrier, key_of_nobody_in_danger, said, tags
from voicebot.calls.entries import canonical
from voicebot.dialog.effects import PreferredTime
from voicebot.dialog.events import KeyPressed, NumberEntered
from voicebot.errors import VoicebotError
from voicebot.logs import set_up_logs
from voicebot.routing.hours_file import parse_hours
from voicebot.storage.memory_store import MemoryStore

NIGHT = parse_hours("time_zone: UTC\ndesks: {scheduling: {}, front_desk: {}, nurse: {}}\n", "hours.yaml")
NUMBER = "6515550123"


@pytest.fixture
def asked_for_another(make_parts):
    """Return a function: a carrier of a caller who has just said that the number shown is no good."""

    def make(**settings):
        carrier = Carrier(make_parts(**({"streaming": False, "hours": NIGHT} | settings)))
        document = carrier.press(carrier.post("/voice/incoming"), "1")
        while "number" not in said(document):
            document = carrier.press(document, key_of_nobody_in_danger(document))
        return carrier, carrier.press(document, "2")

    return make


def press(carrier, document, *keys):
    for key in keys:
        document = carrier.press(document, key)
    return document


def test_a_whole_number_is_gathered_at_once_and_nothing_is_recorded_meanwhile(asked_for_another):
    _, document = asked_for_another()
    assert said(document) == ["other_number"]
    assert tags(document) == ["Gather", "Redirect"]
    gather = document[0].attributes
    assert (gather["numDigits"], gather["finishOnKey"]) == ("11", "#")


@pytest.mark.parametrize("keys", [NUMBER, f"1{NUMBER}"])
def test_staff_are_given_the_number_that_was_keyed_in_instead_of_the_one_shown(asked_for_another, keys):
    carrier, document = asked_for_another()
    document = carrier.press(document, keys)
    assert said(document)[0] == "number.noted"
    document = press(carrier, document, "0", "1", "1")
    assert said(document)[0] == "call_noted.morning"
    carrier.send("/voice/status", CallStatus="completed")
    (row,) = carrier.parts.store.call_backs()
    assert (row.preferred, row.number) == (PreferredTime.MORNING, f"+1{NUMBER}")


def test_it_is_forgotten_when_nobody_is_to_be_called_back(asked_for_another):
    carrier, document = asked_for_another()
    carrier.press(document, NUMBER)
    carrier.send("/voice/status", CallStatus="completed")
    carrier.parts.store.append(carrier.call().call_id, [])
    assert carrier.parts.store.call_backs() == []
    assert NUMBER not in repr(vars(carrier.parts.store))


def test_part_of_a_number_is_asked_for_again_and_a_single_key_is_an_answer(asked_for_another):
    carrier, document = asked_for_another()
    document = carrier.press(document, NUMBER[:7])
    assert said(document) == ["no_match.1", "other_number.again"]
    assert carrier.events()[-1] == NumberEntered(carrier.events()[-1].at_ms, complete=False)
    document = carrier.press(document, "2")
    assert isinstance(carrier.events()[-1], KeyPressed)
    assert said(document)[0] == "number.none"


def test_no_record_and_no_log_holds_it(asked_for_another):
    log = io.StringIO()
    set_up_logs(log)
    try:
        carrier, document = asked_for_another()
        carrier.press(document, NUMBER)
    finally:
        structlog.reset_defaults()
    record = canonical(entry.message for entry in carrier.parts.store.load(carrier.call().call_id)).decode()
    for written in (log.getvalue(), record):
        assert NUMBER not in written
        assert CALLER not in written


def test_a_number_that_cannot_be_kept_leads_to_a_person(asked_for_another):
    class Full(MemoryStore):
        def give_number(self, call_id, number):
            raise VoicebotError("store_failed", "The disk is full.")

    carrier, document = asked_for_another(store=Full())
    assert "Dial" in tags(carrier.press(document, NUMBER))
