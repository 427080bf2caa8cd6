"""Texting: a carrier on this machine takes the messages."""

from __future__ import annotations

import base64
import re

import pytest

from tests.telephony.conftest import ACCOUNT, CALLER, TOKEN, Carrier, tags
from voicebot.dialog.effects import PreferredTime
from voicebot.telephony.text_messages import words

LINE = "+16515550104"


@pytest.fixture
def texting(make_parts, outside):
    """Return a function: a carrier of a line that texts, with some settings of one's own."""

    def make(**settings):
        chosen = {"streaming": False, "text_messages": True, "line_number": LINE, "twilio_api_url": outside.url}
        return Carrier(make_parts(**(chosen | settings)))

    return make


def call_back(carrier, *keys, **form):
    """Ask for a person whom nobody can be, then answer with `keys`, then hang up."""
    document = carrier.press(carrier.post("/voice/incoming", **form), "0")
    document = carrier.dial_ends(document, "busy", **form)
    for key in keys:
        document = carrier.follow(document, Digits=key, **form)
    return carrier.send("/voice/status", CallStatus="completed", **form)


def test_a_promised_call_back_is_texted_once_the_call_is_over(texting, outside):
    carrier = texting()
    call_back(carrier, "1", "2")
    carrier.send("/voice/status", CallStatus="completed")
    (taken,) = outside.taken
    assert taken.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert base64.b64decode(taken.headers["Authorization"].removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"
    assert taken.form == {"From": [LINE], "To": [CALLER], "Body": [words()[PreferredTime.AFTERNOON]]}


def test_it_is_off_unless_the_settings_say_so(texting, outside):
    call_back(texting(text_messages=False), "1", "1")
    assert outside.taken == []


@pytest.mark.parametrize("keys", [("2",), ()])
def test_who_asked_for_no_call_back_is_not_texted(texting, outside, keys):
    call_back(texting(), *keys)
    assert outside.taken == []


def test_a_hidden_number_is_not_texted(texting, outside):
    carrier = texting()
    document = carrier.press(carrier.post("/voice/incoming", From="anonymous"), "0")
    assert tags(carrier.dial_ends(document, "busy", From="anonymous"))[-1] == "Hangup"
    carrier.send("/voice/status", CallStatus="completed", From="anonymous")
    assert outside.taken == []
    assert carrier.parts.store.call_backs() == []


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_message_that_cannot_be_sent_changes_nothing_and_is_not_sent_again(texting, outside, status):
    outside.status = status
    carrier = texting()
    assert call_back(carrier, "1", "1").status_code == 204
    assert len(outside.taken) == 1
    assert carrier.call().ended_at is not None
    assert carrier.parts.store.call_backs()[0].number == CALLER


def test_a_carrier_that_cannot_be_reached_changes_nothing(texting):
    carrier = texting(twilio_api_url="http://127.0.0.1:1")
    assert call_back(carrier, "1", "1").status_code == 204
    assert carrier.call().ended_at is not None


def test_no_message_has_a_word_about_health(ruleset):
    asked = " ".join([question.text for question in ruleset.questions.values()]).lower()
    about_health = {word for word in re.findall(r"[a-z]+", asked) if len(word) > 4} | {
        *("leg", "numb", "pain", "spine", "brain", "clinic", "doctor", "nurse", "hospital", "health", "visit", "sign"),
    }
    everyday = {"after", "right"}
    for text in words().values():
        assert not (set(re.findall(r"[a-z]+", text.lower())) & about_health) - everyday
    assert PreferredTime.SOON not in words(), "what cannot wait is not left to a text message"
