"""How long a call turn by turn may take; the same limit as on live audio (tests/test_line.py)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.telephony.conftest import FRONT_DESK, Carrier, dialed, tags
from voicebot.dialog.events import Fault, Heard
from voicebot.dialog.meaning import Meaning
from voicebot.session import open_session
from voicebot.telephony import turns


@pytest.fixture
def later(monkeypatch):
    """Let so much time go by since a call began."""

    def let_go_by(carrier, **time):
        now = carrier.call().started_at + timedelta(**time)
        monkeypatch.setattr(turns, "utc_now", lambda: now)

    return let_go_by


def test_a_call_that_goes_on_for_too_long_keeps_its_last_answer_and_reaches_a_person(carrier, later):
    greeting = carrier.post("/voice/incoming")
    later(carrier, minutes=15)
    document = carrier.press(greeting, "1")
    assert dialed(document) == FRONT_DESK
    answered, fault = carrier.events()[-2:]
    assert (answered.key, fault.code) == ("1", "call_too_long")
    record = carrier.record()
    assert carrier.press(greeting, "1") == document, "the same answer, sent again"
    assert carrier.record() == record


def test_just_before_that_it_goes_on(carrier, later):
    greeting = carrier.post("/voice/incoming")
    later(carrier, minutes=14, seconds=59)
    assert tags(carrier.press(greeting, "1")) == ["Gather", "Redirect"]


def test_who_spoke_of_suicide_is_never_cut_off_for_taking_long(make_parts, later):
    carrier = Carrier(make_parts(streaming=False))
    carrier.post("/voice/incoming")
    session = open_session(carrier.parts.ruleset, carrier.parts.store, carrier.call().call_id)
    session.handle(Heard(100, Meaning.SUICIDE, 1.0))
    ringing = carrier.post("/voice/resume")
    asked = carrier.dial_ends(ringing, "busy")
    later(carrier, minutes=30)
    assert "Gather" in tags(carrier.follow(asked))
    assert not any(isinstance(event, Fault) for event in carrier.events())
