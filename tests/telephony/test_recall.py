"""The carrier is told that staff took a call; whether it is reached or not, the caller gets to a person."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from tests.telephony.conftest import ACCOUNT, BASE, FRONT_DESK, SID, TOKEN, dialed, said
from voicebot.config import load_settings
from voicebot.taking_over import take_over
from voicebot.telephony.recall import Recall


def recall_at(url, **settings):
    chosen = {"twilio_api_url": url, "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "public_url": BASE}
    return Recall(load_settings(**(chosen | settings)))


def test_the_carrier_is_told_where_to_ask(outside):
    assert recall_at(outside.url)(SID)
    (taken,) = outside.taken
    assert taken.path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json"
    assert base64.b64decode(taken.headers["Authorization"].removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"
    assert taken.form == {"Url": [f"{BASE}/voice/resume"], "Method": ["POST"]}


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_a_carrier_that_refuses_is_no_error_of_ours_and_is_asked_once(outside, status):
    outside.status = status
    assert not recall_at(outside.url)(SID)
    assert len(outside.taken) == 1


def test_a_carrier_that_is_not_there_is_no_error_of_ours():
    assert not recall_at("http://127.0.0.1:9")(SID)


@pytest.mark.parametrize("missing", ["twilio_account_sid", "twilio_auth_token", "public_url"])
def test_without_the_settings_nobody_is_asked(outside, missing):
    assert not recall_at(outside.url, **{missing: None})(SID)
    assert outside.taken == []


def staff_take(carrier):
    parts = carrier.parts
    take_over(parts.ruleset, parts.store, carrier.call().call_id, datetime.now(UTC))


def test_turn_by_turn_the_caller_is_put_through_as_soon_as_the_carrier_asks(carrier):
    carrier.press(carrier.post("/voice/incoming"), "1")
    staff_take(carrier)
    document = carrier.post("/voice/resume")
    assert said(document)[0] == "to_person.staff"
    assert dialed(document) == FRONT_DESK


def test_turn_by_turn_without_the_carriers_help_it_is_at_the_next_answer(carrier):
    document = carrier.press(carrier.post("/voice/incoming"), "1")
    staff_take(carrier)
    document = carrier.follow(document, Digits="2")
    assert said(document)[0] == "to_person.staff"
    assert dialed(document) == FRONT_DESK
