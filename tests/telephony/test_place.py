"""Where a caller is, turn by turn: recorded after a tone, kept apart, heard by no grammar, deleted at the carrier."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from tests.telephony.conftest import ACCOUNT, NURSE, TOKEN, Carrier, dialed, said, tags
from voicebot.dialog.effects import Brief, PageReason
from voicebot.dialog.events import Heard, PlaceRecorded
from voicebot.simulate.carrier.recordings import RecordingServer
from voicebot.speech.codec import encode
from voicebot.speech.scripted import ScriptedEars
from voicebot.storage.rows import Side
from voicebot.telephony.recordings import MAX_BYTES


@pytest.fixture
def shelf():
    with closing(RecordingServer(ACCOUNT, TOKEN)) as server:
        yield server


@pytest.fixture
def asked(make_parts, shelf):
    """Return a caller with a sign of a stroke, who will not call nine one one, and the document that records them."""
    carrier = Carrier(make_parts(streaming=False, ears=ScriptedEars([]), twilio_api_url=shelf.url))
    return carrier, carrier.press(carrier.post("/voice/incoming"), "1", "1", "2", "1")


def speech(ms):
    noise = np.random.default_rng(1).normal(size=8 * ms) * 3000
    noise[(np.arange(8 * ms) // 8) % 260 > 160] /= 100
    return encode(noise.astype(np.int16))


def path_of(verb):
    return verb.attributes["action"].removeprefix("https://line.example.org")


def record_of(document):
    return next(verb for verb in document if verb.tag == "Record")


def test_a_tone_is_sounded_and_a_key_ends_it(asked):
    _, document = asked
    assert tags(document) == ["Play", "Record", "Redirect"]
    assert said(document) == ["place"]
    record = record_of(document).attributes
    assert record["playBeep"] == "true"
    assert record["maxLength"] == "20"
    assert record["finishOnKey"] == "1234567890*#"


@pytest.mark.parametrize("ended", [{}, {"Digits": "5"}])
def test_what_was_said_is_kept_apart_and_a_person_is_fetched(asked, shelf, ended):
    carrier, document = asked
    url = shelf.keep("RE1", speech(3000))
    document = carrier.post(path_of(record_of(document)), RecordingUrl=url, **ended)
    (kept,) = carrier.parts.store.audio(carrier.call().call_id)
    assert (kept.side, kept.ms) == (Side.PLACE, 3000)
    assert dialed(document) == NURSE
    assert said(document)[0] == "advice.call_911"
    assert carrier.events()[-1].ms == 3000
    assert Brief("whisper.refused_911.place") in carrier.record()
    assert not [event for event in carrier.events() if isinstance(event, Heard)], "no grammar hears it"
    assert shelf.deleted == ["RE1"]


def test_who_says_nothing_is_put_through(asked, shelf):
    carrier, document = asked
    url = shelf.keep("RE1", b"\xff" * 32_000)
    document = carrier.post(path_of(record_of(document)), RecordingUrl=url)
    assert dialed(document) == NURSE
    assert carrier.parts.store.audio(carrier.call().call_id) == []
    assert carrier.events()[-1] == PlaceRecorded(carrier.events()[-1].at_ms, 0)


def test_a_recording_that_stays_empty_or_cannot_be_had_leads_to_a_person_too(asked):
    carrier, document = asked
    silent = next(verb for verb in document if verb.tag == "Redirect").text.removeprefix("https://line.example.org")
    assert dialed(carrier.post(silent)) == NURSE
    assert carrier.events()[-1].ms == 0


def test_a_recording_that_cannot_be_fetched_stays_with_the_carrier(asked, shelf):
    carrier, document = asked
    url = shelf.keep("RE1", b"\x55" * MAX_BYTES)
    document = carrier.post(path_of(record_of(document)), RecordingUrl=url)
    assert dialed(document) == NURSE
    assert carrier.events()[-1].lost
    assert shelf.deleted == []


def test_the_same_webhook_again_records_nothing_twice(asked, shelf):
    carrier, document = asked
    url = shelf.keep("RE1", speech(1000))
    first = carrier.post(path_of(record_of(document)), RecordingUrl=url)
    again = carrier.post(path_of(record_of(document)), RecordingUrl=url)
    assert [verb.tag for verb in first] == [verb.tag for verb in again]
    assert len(carrier.parts.store.audio(carrier.call().call_id)) == 1


@pytest.mark.parametrize("told_before", [False, True])
def test_who_says_it_and_hangs_up_is_heard_also_when_their_end_was_told_before(asked, shelf, told_before):
    carrier, document = asked
    url = shelf.keep("RE1", speech(3000))
    if told_before:
        carrier.send("/voice/status", CallStatus="completed")
    for _ in range(2):
        carrier.post(path_of(record_of(document)), RecordingUrl=url, Digits="hangup", CallStatus="completed")
    (kept,) = carrier.parts.store.audio(carrier.call().call_id)
    assert (kept.side, kept.ms) == (Side.PLACE, 3000)
    assert [event.ms for event in carrier.events() if isinstance(event, PlaceRecorded)] == [3000]
    assert carrier.call().ended_at is not None
    assert [page.reason for page in carrier.parts.store.pages()].count(PageReason.CALLER_GONE) == 1
    assert shelf.deleted == ["RE1"]


def test_staff_were_paged_before_that(asked):
    carrier, _ = asked
    assert [page.reason for page in carrier.parts.store.pages()] == [PageReason.REFUSED]
