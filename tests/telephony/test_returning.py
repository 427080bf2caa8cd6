"""A caller who is cut off calls again: whose telephone it is, which calls count, and what is kept of the number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.telephony.conftest import CALLER, Carrier, key_of_nobody_in_danger, said
from voicebot.dialog.events import CallStarted
from voicebot.errors import VoicebotError
from voicebot.session import open_session
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.rows import CallRow
from voicebot.telephony.returning import WITHIN, mark_of

FIRST, SECOND = "CA" + "1" * 32, "CA" + "2" * 32


@pytest.fixture
def parts(make_parts):
    return make_parts(streaming=False)


def asked_until(carrier, prompt, **form):
    """Call, answer as somebody without any sign, and stop where `prompt` is asked."""
    document = carrier.press(carrier.post("/voice/incoming", **form), "1")
    while prompt not in said(document):
        document = carrier.follow(document, Digits=key_of_nobody_in_danger(document), **form)
    return document


def cut_off(parts, prompt="screen.other_causes", **form):
    """Make a call that the caller leaves at `prompt`, and return it."""
    carrier = Carrier(parts, FIRST)
    asked_until(carrier, prompt, **form)
    carrier.send("/voice/status", **{"CallStatus": "completed"} | form)
    return carrier.call()


def started(carrier):
    return next(message for message in carrier.record() if isinstance(message, CallStarted))


def test_who_was_cut_off_is_asked_whether_to_go_on(parts):
    before = cut_off(parts)
    again = Carrier(parts, SECOND)
    document = again.post("/voice/incoming")
    assert "welcome_back" in said(document)
    first = started(again)
    assert first.earlier_call == before.call_id
    assert first.earlier_answers
    red_flags = {question.id for question in parts.ruleset.questions.values() if question.level >= 3}
    assert not set(first.earlier_answers) & red_flags


def test_the_answers_taken_over_stand_in_the_new_record_alone(parts):
    cut_off(parts)
    again = Carrier(parts, SECOND)
    again.press(again.post("/voice/incoming"), "1")
    taken_over = open_session(parts.ruleset, parts.store, again.call().call_id).state.answers
    assert dict(taken_over) == dict(started(again).earlier_answers)


def test_who_begins_anew_takes_nothing_over(parts):
    cut_off(parts)
    again = Carrier(parts, SECOND)
    document = again.press(again.post("/voice/incoming"), "2")
    assert "about_leg" in said(document)


@pytest.mark.parametrize("number", ["+16515550177", "anonymous", "+266696687", ""])
def test_another_number_or_a_hidden_one_matches_nothing(parts, number):
    cut_off(parts)
    again = Carrier(parts, SECOND)
    assert "welcome_back" not in said(again.post("/voice/incoming", From=number))


def test_two_hidden_numbers_are_not_the_same_telephone(parts):
    cut_off(parts, From="anonymous")
    assert "welcome_back" not in said(Carrier(parts, SECOND).post("/voice/incoming", From="anonymous"))


def test_a_call_that_came_to_its_end_is_none_to_go_on_with(parts):
    carrier = Carrier(parts, FIRST)
    carrier.press(carrier.post("/voice/incoming"), "2")
    carrier.send("/voice/status", CallStatus="completed")
    assert "welcome_back" not in said(Carrier(parts, SECOND).post("/voice/incoming"))


def test_a_call_left_before_its_first_answer_is_none_either(parts):
    carrier = Carrier(parts, FIRST)
    carrier.post("/voice/incoming")
    carrier.send("/voice/status", CallStatus="completed")
    assert "welcome_back" not in said(Carrier(parts, SECOND).post("/voice/incoming"))


@pytest.mark.parametrize(
    ("later", "offered"), [(WITHIN - timedelta(minutes=1), True), (WITHIN + timedelta(minutes=1), False)]
)
def test_half_an_hour_is_the_limit(parts, monkeypatch, later, offered):
    before = cut_off(parts)
    calls_at = before.started_at + later
    monkeypatch.setattr("voicebot.telephony.turns.utc_now", lambda: calls_at)
    assert ("welcome_back" in said(Carrier(parts, SECOND).post("/voice/incoming"))) is offered


@pytest.mark.parametrize(("silent_s", "offered"), [(5, False), (60, True)])
def test_a_call_whose_end_nobody_told_counts_once_it_is_silent(parts, monkeypatch, silent_s, offered):
    carrier = Carrier(parts, FIRST)
    asked_until(carrier, "screen.other_causes")
    calls_at = carrier.call().last_event_at + timedelta(seconds=silent_s)
    monkeypatch.setattr("voicebot.telephony.turns.utc_now", lambda: calls_at)
    assert ("welcome_back" in said(Carrier(parts, SECOND).post("/voice/incoming"))) is offered


def test_the_number_is_in_no_record_and_no_mark(parts, make_parts):
    mark = mark_of(CALLER, parts.settings)
    assert CALLER.strip("+") not in mark
    assert mark == mark_of(CALLER, parts.settings)
    assert mark != mark_of(CALLER, make_parts(twilio_auth_token="another").settings)
    cut_off(parts)
    again = Carrier(parts, SECOND)
    again.post("/voice/incoming")
    assert CALLER not in repr(again.record())


def test_the_same_webhook_again_changes_nothing(parts):
    cut_off(parts)
    again = Carrier(parts, SECOND)
    first = said(again.post("/voice/incoming"))
    record = again.record()
    assert said(again.post("/voice/incoming")) == first
    assert again.record() == record


def test_rules_that_changed_meanwhile_begin_a_new_call(parts, make_parts):
    cut_off(parts)
    parts.store._calls = {
        call_id: CallRow(**{name: getattr(row, name) for name in row.__slots__} | {"ruleset_sha256": "0" * 64})
        for call_id, row in parts.store._calls.items()
    }
    assert "welcome_back" not in said(Carrier(parts, SECOND).post("/voice/incoming"))


def test_a_store_that_cannot_tell_does_not_keep_the_caller_out(make_parts):
    class Forgetful(MemoryStore):
        def latest_from(self, mark, at):
            raise VoicebotError("store_failed", "locked")

    carrier = Carrier(make_parts(streaming=False, store=Forgetful()))
    assert "about_leg" in said(carrier.post("/voice/incoming"))


def test_on_live_audio_too(make_parts):
    parts = make_parts()
    cut_off(make_parts(streaming=False, store=parts.store))
    again = Carrier(parts, SECOND)
    again.post("/voice/incoming")
    assert started(again).earlier_call
