"""A call turn by turn, over signed webhooks."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import soundfile
import structlog

from tests.telephony.conftest import (
    BASE,
    CALLER,
    FRONT_DESK,
    NURSE,
    SID,
    TOKEN,
    WRONG_TOKEN,
    Carrier,
    dialed,
    said,
    tags,
)
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Fault,
    HungUp,
    KeyPressed,
    NoInput,
    TransferEnded,
    TransferOutcome,
)
from voicebot.errors import VoicebotError
from voicebot.logs import set_up_logs
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony import turns
from voicebot.telephony.twiml import TRY_AGAIN

OTHER = "CA00000000000000000000000000000002"


# --- answering ------------------------------------------------------------------------------------------------------


def test_a_call_is_answered_with_a_stream_of_its_own(streaming):
    connect, redirect = streaming.post("/voice/incoming")
    (stream,) = connect.nested
    (parameter,) = stream.nested
    assert connect.attributes["action"] == redirect.text == f"{BASE}/voice/resume{TRY_AGAIN}"
    assert stream.attributes["url"] == "wss://line.example.org/media"
    assert parameter.attributes == {"name": "token", "value": streaming.call().stream_token}
    (started,) = streaming.record()
    assert isinstance(started, CallStarted)
    assert started.started_at == streaming.call().started_at.isoformat()
    assert started.ruleset_sha256 == streaming.parts.ruleset.sha256


def test_without_streaming_it_is_answered_with_the_greeting(carrier):
    document = carrier.post("/voice/incoming")
    assert tags(document) == ["Gather", "Redirect"]
    assert said(document) == ["greeting", "greeting.spanish", "about_leg", "keys_short"]
    assert [type(event) for event in carrier.events()] == [CallStarted, Connected]


@pytest.mark.parametrize("streams", [True, False])
def test_the_same_webhook_again_gets_the_same_answer(make_parts, streams):
    carrier = Carrier(make_parts(streaming=streams))
    first = carrier.send("/voice/incoming").text
    record = carrier.record()
    assert carrier.send("/voice/incoming").text == first
    assert carrier.record() == record
    assert len(carrier.parts.store.call_ids()) == 1


# --- turns ----------------------------------------------------------------------------------------------------------


def test_a_key_answers_the_open_question(carrier):
    document = carrier.press(carrier.post("/voice/incoming"), "1")
    assert said(document)[0] == "intro_questions"
    assert isinstance(carrier.events()[-1], KeyPressed)


def test_silence_is_asked_about_again(carrier):
    document = carrier.follow(carrier.post("/voice/incoming"))
    assert said(document) == ["no_input.1", "about_leg.again", "keys_short"]
    assert isinstance(carrier.events()[-1], NoInput)


def test_what_falls_through_is_silence_whatever_the_form_still_holds(carrier):
    _, redirect = carrier.post("/voice/incoming")
    carrier.post(redirect.text.removeprefix(BASE), Digits="1")
    assert isinstance(carrier.events()[-1], NoInput)


def test_the_same_answer_again_counts_once(carrier):
    greeting = carrier.post("/voice/incoming")
    first = carrier.press(greeting, "1")
    record = carrier.record()
    assert carrier.press(greeting, "1") == first
    assert carrier.press(greeting, "2") == first
    assert carrier.record() == record


@pytest.mark.parametrize("place", ["", "?n=", "?n=x", "?n=-1", "?n=99"])
def test_an_answer_to_no_known_place_changes_nothing(carrier, place):
    greeting = carrier.post("/voice/incoming")
    record = carrier.record()
    assert carrier.post(f"/voice/turn{place}", Digits="1") == greeting
    assert carrier.record() == record


def test_times_on_the_record_never_run_backwards(carrier, monkeypatch):
    greeting = carrier.post("/voice/incoming")
    started_at = carrier.call().started_at
    monkeypatch.setattr(turns, "utc_now", lambda: started_at + timedelta(seconds=7))
    document = carrier.press(greeting, "1")
    monkeypatch.setattr(turns, "utc_now", lambda: started_at - timedelta(hours=1))
    carrier.press(document, "1")
    assert [event.at_ms for event in carrier.events()][-2:] == [7000, 7000]


def test_a_writer_who_came_second_looks_again(make_parts):
    class Contested(MemoryStore):
        contests = 0

        def append(self, call_id, entries):
            if self.contests:
                self.contests -= 1
                raise VoicebotError("record_conflict", "someone else was first")
            super().append(call_id, entries)

    store = Contested()
    carrier = Carrier(make_parts(streaming=False, store=store))
    greeting = carrier.post("/voice/incoming")
    store.contests = 1
    assert said(carrier.press(greeting, "1"))[0] == "intro_questions"


# --- transfers ------------------------------------------------------------------------------------------------------


def transferred(carrier, **form):
    return carrier.press(carrier.post("/voice/incoming", **form), "0")


def test_zero_reaches_a_person(carrier):
    document = carrier.press(carrier.post("/voice/incoming"), "0")
    assert said(document) == ["to_person.asked"]
    assert dialed(document) == FRONT_DESK


@pytest.mark.parametrize("key", ["1", "9", "0"])
def test_a_key_during_the_words_before_it_rings_says_them_again_and_then_it_rings(carrier, key):
    document = carrier.press(transferred(carrier), key)
    assert said(document) == ["to_person.asked"]
    assert dialed(document) == FRONT_DESK
    carrier.answers_the_telephone(document, "1")
    assert tags(carrier.dial_ends(document)) == ["Hangup"]
    assert carrier.events()[-1].outcome is TransferOutcome.ANSWERED


def test_who_presses_zero_during_the_goodbye_gets_a_person_after_it(carrier):
    goodbye = carrier.dial_ends(transferred(carrier, From="anonymous"), "busy")
    document = carrier.press(goodbye, "0")
    assert said(document)[-1] == "to_person.asked"
    assert dialed(document) == FRONT_DESK


def test_when_nobody_answers_the_caller_hears_so(carrier):
    document = transferred(carrier, From="anonymous")
    first = carrier.dial_ends(document, "busy")
    assert said(first) == ["transfer.busy", "transfer.nobody", "goodbye"]
    assert tags(first)[-1] == "Hangup"
    record = carrier.record()
    assert carrier.dial_ends(document, "busy") == first
    assert carrier.record() == record


def test_after_a_conversation_with_a_person_the_call_ends(carrier):
    document = transferred(carrier)
    carrier.answers_the_telephone(document, "1")
    assert tags(carrier.dial_ends(document, CallStatus="completed", DialBridged="true")) == ["Hangup"]
    assert carrier.events()[-1].outcome is TransferOutcome.ANSWERED
    assert isinstance(carrier.events()[-1], TransferEnded)
    assert tags(carrier.post("/voice/resume")) == ["Hangup"]


def test_a_caller_who_hung_up_while_it_rang_is_gone(carrier):
    document = transferred(carrier)
    assert tags(carrier.dial_ends(document, "no-answer", CallStatus="completed")) == ["Hangup"]
    assert carrier.events()[-1].outcome is TransferOutcome.CALLER_GONE


def test_an_unanswered_emergency_question_leads_to_the_nurse(carrier):
    document = carrier.press(carrier.post("/voice/incoming"), "1")
    for _ in range(3):
        silent, document = document, carrier.follow(document)
    assert dialed(document) == NURSE
    assert carrier.follow(silent) == document, "the third silence, sent again"


# --- resuming -------------------------------------------------------------------------------------------------------


def test_after_a_lost_stream_the_open_question_is_asked_again(streaming):
    streaming.post("/voice/incoming")
    first = streaming.post("/voice/resume")
    assert "about_leg" in said(first)
    assert streaming.events()[-1].channel is Channel.TURNS
    record = streaming.record()
    assert streaming.post("/voice/resume") == first
    assert streaming.record() == record


def test_a_resume_that_comes_again_late_changes_nothing(streaming):
    streaming.post("/voice/incoming")
    answered = streaming.press(streaming.post("/voice/resume"), "1")
    record = streaming.record()
    assert streaming.post("/voice/resume") == answered
    assert streaming.record() == record


def test_resuming_a_call_that_is_over_hangs_up(carrier):
    carrier.post("/voice/incoming")
    carrier.send("/voice/status", CallStatus="completed")
    assert tags(carrier.post("/voice/resume")) == ["Hangup"]


def test_resuming_because_the_caller_hung_up_ends_the_call(streaming):
    streaming.post("/voice/incoming")
    assert tags(streaming.post("/voice/resume", CallStatus="completed")) == ["Hangup"]
    assert streaming.call().ended_at is not None
    assert [type(event) for event in streaming.events()] == [CallStarted, HungUp]


def test_a_hang_up_while_being_recorded_ends_the_call(carrier):
    carrier.follow(carrier.post("/voice/incoming"), Digits="hangup")
    assert isinstance(carrier.events()[-1], HungUp)
    assert carrier.call().outcome is not None


# --- trouble --------------------------------------------------------------------------------------------------------


def test_the_fallback_puts_through_to_a_person_once(carrier):
    carrier.post("/voice/incoming")
    first = carrier.post("/voice/fallback", ErrorCode="11200", ErrorUrl=f"{BASE}/voice/turn")
    assert said(first) == ["to_person.fault"]
    assert dialed(first) == FRONT_DESK
    assert carrier.post("/voice/fallback", ErrorCode="11200") == first
    assert [event.code for event in carrier.events() if isinstance(event, Fault)] == ["carrier_error"]


@pytest.mark.parametrize("path", ["resume", "turn?n=3", "transfer-result?n=3", "fallback"])
def test_an_unknown_call_goes_to_a_person_and_leaves_no_trace(carrier, path):
    assert dialed(carrier.post(f"/voice/{path}", Digits="1", DialCallStatus="busy")) == FRONT_DESK
    assert carrier.parts.store.call_ids() == []


class Broken(MemoryStore):
    """A store whose disk is full once `full` is set, or that shows a bug."""

    full = buggy = False

    def append(self, call_id, entries):
        self._break()
        super().append(call_id, entries)

    def load(self, call_id):
        self._break()
        return super().load(call_id)

    def _break(self):
        if self.full:
            raise VoicebotError("store_failed", "The disk is full.")
        if self.buggy:
            raise ZeroDivisionError


@pytest.mark.parametrize("trouble", ["full", "buggy"])
@pytest.mark.parametrize("path", ["incoming", "resume", "turn?n=5", "transfer-result?n=5", "fallback"])
def test_whatever_breaks_the_caller_reaches_a_person(make_parts, trouble, path):
    store = Broken()
    carrier = Carrier(make_parts(streaming=False, store=store))
    carrier.post("/voice/incoming")
    setattr(store, trouble, True)
    assert dialed(carrier.post(f"/voice/{path}", sid=OTHER if path == "incoming" else SID)) == FRONT_DESK


def test_whatever_breaks_a_status_is_taken(make_parts):
    store = Broken()
    carrier = Carrier(make_parts(streaming=False, store=store))
    carrier.post("/voice/incoming")
    store.full = True
    assert carrier.send("/voice/status", CallStatus="completed").status_code == 204
    assert carrier.call().ended_at is None


def test_the_log_holds_no_word_and_no_number(make_parts):
    lines = io.StringIO()
    set_up_logs(lines)
    try:
        store = Broken()
        carrier = Carrier(make_parts(streaming=False, store=store))
        carrier.press(carrier.post("/voice/incoming"), "1")
        store.full = True
        carrier.post("/voice/resume", SpeechResult="my left leg")
        carrier.send("/voice/incoming", token=WRONG_TOKEN)
    finally:
        structlog.reset_defaults()
    logged = lines.getvalue()
    assert "webhook_failed" in logged
    assert "store_failed" in logged
    assert "signature_refused" in logged
    assert not any(secret in logged for secret in (CALLER, SID, "left leg", TOKEN, FRONT_DESK))


# --- status ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "canceled", "failed", "busy", "no-answer"])
def test_a_final_status_ends_the_call_once(carrier, status):
    carrier.post("/voice/incoming")
    assert carrier.send("/voice/status", CallStatus=status).status_code == 204
    assert carrier.call().outcome is Outcome.HUNG_UP
    record, ended = carrier.record(), carrier.call()
    assert isinstance(record[-1], HungUp)
    for late in (status, "completed", "in-progress", "ringing", ""):
        answer = carrier.send("/voice/status", CallStatus=late, SequenceNumber="0")
        assert (answer.status_code, answer.data) == (204, b"")
    assert carrier.record() == record
    assert carrier.call() == ended


def test_a_status_on_the_way_changes_nothing(carrier):
    carrier.post("/voice/incoming")
    record = carrier.record()
    carrier.send("/voice/status", CallStatus="in-progress")
    assert carrier.record() == record


def test_the_status_of_an_unknown_call_is_taken_and_forgotten(carrier):
    assert carrier.send("/voice/status", CallStatus="completed").status_code == 204
    assert carrier.parts.store.call_ids() == []


# --- prompts --------------------------------------------------------------------------------------------------------


def test_prompts_are_served_as_telephone_sound_for_ever(carrier):
    document = carrier.post("/voice/incoming")
    gather = document[0]
    answer = carrier.client.get(gather.nested[0].text.removeprefix(BASE))
    assert answer.mimetype == "audio/wav"
    assert "immutable" in answer.headers["Cache-Control"]
    sound = soundfile.SoundFile(io.BytesIO(answer.data))
    assert (sound.samplerate, sound.channels, sound.subtype) == (8000, 1, "ULAW")
    assert sound.frames == len(carrier.parts.voice.mulaw("greeting"))


@pytest.mark.parametrize("path", ["greeting/0.wav", "nobody/0.wav", "..%2f..%2fdata/0.wav", "greeting/0"])
def test_other_sounds_are_not_there(carrier, path):
    assert carrier.client.get(f"/voice/prompts/{path}").status_code == 404
