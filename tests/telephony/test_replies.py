"""Recorded answers, turn by turn: heard, kept with consent, and the carrier's copy deleted."""

from __future__ import annotations

from contextlib import closing

import pytest
import soundfile

from tests.telephony.conftest import ACCOUNT, TOKEN, Carrier, key_of_nobody_in_danger, said, tags
from voicebot.dialog.events import Heard, HungUp, KeyPressed, NoInput
from voicebot.dialog.meaning import Meaning
from voicebot.simulate.carrier.recordings import RecordingServer
from voicebot.speech.ears import Utterance
from voicebot.speech.scripted import ScriptedEars
from voicebot.storage.rows import Side
from voicebot.telephony import recordings

SECOND = b"\x55\xd5" * 4000


@pytest.fixture
def shelf():
    with closing(RecordingServer(ACCOUNT, TOKEN)) as server:
        yield server


def heard(words, confidence=0.99, at_ms=300):
    return Utterance(words, confidence, started_ms=at_ms, ended_ms=at_ms + 200, decided_ms=at_ms + 400)


@pytest.fixture
def agreed(make_parts, shelf):
    """A call whose caller agreed to be recorded by key, and is asked the next question."""

    def make(*scripts):
        carrier = Carrier(make_parts(streaming=False, ears=ScriptedEars(scripts), twilio_api_url=shelf.url))
        document = carrier.press(carrier.post("/voice/incoming"), "1")
        while "consent" not in said(document):
            document = carrier.press(document, key_of_nobody_in_danger(document))
        return carrier, carrier.press(document, "1")

    return make


def record_action(document):
    return (
        next(verb for verb in document if verb.tag == "Record")
        .attributes["action"]
        .removeprefix("https://line.example.org")
    )


def test_before_consent_there_are_keys_only(make_parts):
    assert tags(Carrier(make_parts(streaming=False)).post("/voice/incoming")) == ["Gather", "Redirect"]


def test_a_recorded_answer_is_heard_kept_and_deleted_at_the_carrier(agreed, shelf):
    carrier, document = agreed([heard("no")])
    assert tags(document) == ["Gather", "Record", "Record", "Redirect"]
    url = shelf.keep("RE1", SECOND)
    following = carrier.post(record_action(document), RecordingUrl=url, RecordingDuration="1", Digits="")
    event = carrier.events()[-1]
    assert isinstance(event, Heard)
    assert (event.meaning, event.words, event.confidence) == (Meaning.NO, "no", 0.99)
    assert event.ended_ms - event.started_ms == 200
    assert said(following) != said(document)
    assert shelf.deleted == ["RE1"]
    caller, line = carrier.parts.store.audio(carrier.call().call_id)
    folder = carrier.parts.settings.audio_dir
    assert (caller.side, line.side, caller.ms) == (Side.CALLER, Side.LINE, 1000)
    assert soundfile.info(folder / caller.name).frames == 8000
    assert (folder / caller.name).read_bytes().endswith(SECOND)
    assert {path.name for path in folder.iterdir()} == {caller.name, line.name}


def test_the_same_recording_again_is_neither_heard_nor_kept_twice(agreed, shelf):
    carrier, document = agreed([heard("no")], [heard("yes")])
    form = {"RecordingUrl": shelf.keep("RE1", SECOND)}
    first = carrier.post(record_action(document), **form)
    record = carrier.record()
    assert carrier.post(record_action(document), **form) == first
    assert carrier.record() == record
    assert shelf.fetched == ["RE1"]


def test_the_first_words_that_mean_something_count(agreed, shelf):
    carrier, document = agreed([heard("[unk]"), heard("yes", at_ms=500)])
    carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND))
    assert carrier.events()[-1].meaning is Meaning.YES


def test_a_recording_that_contradicts_itself_is_asked_again(agreed, shelf):
    carrier, document = agreed([heard("yes"), heard("no", at_ms=500)])
    following = carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND))
    assert carrier.events()[-1].meaning is Meaning.MIXED
    assert said(following)[0] == "no_match.1"


def test_an_utterance_still_open_at_the_end_counts(agreed, shelf):
    carrier, document = agreed([heard("yes", at_ms=900)])
    carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND))
    assert carrier.events()[-1].meaning is Meaning.YES


def test_words_without_meaning_are_a_no_match(agreed, shelf):
    carrier, document = agreed([heard("[unk]")])
    following = carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND))
    assert carrier.events()[-1].meaning is None
    assert said(following)[0] == "no_match.1"


def test_a_recording_of_silence_is_no_input(agreed, shelf):
    carrier, document = agreed([])
    following = carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND))
    assert isinstance(carrier.events()[-1], NoInput)
    assert said(following)[0] == "no_input.1"


def test_a_key_stops_the_recording_and_its_copy_is_deleted_unheard(agreed, shelf):
    carrier, document = agreed([heard("no")])
    carrier.post(record_action(document), RecordingUrl=shelf.keep("RE1", SECOND), Digits="1")
    assert isinstance(carrier.events()[-1], KeyPressed)
    assert (shelf.fetched, shelf.deleted) == ([], ["RE1"])


def test_hanging_up_while_being_recorded_ends_the_call_and_deletes_the_copy(agreed, shelf):
    carrier, document = agreed([heard("no")])
    carrier.post(
        record_action(document), RecordingUrl=shelf.keep("RE1", SECOND), Digits="hangup", CallStatus="completed"
    )
    assert isinstance(carrier.events()[-1], HungUp)
    assert (shelf.fetched, shelf.deleted) == ([], ["RE1"])


def test_a_recording_that_cannot_be_had_is_asked_for_again(agreed, monkeypatch, shelf):
    monkeypatch.setattr(recordings, "RETRY_EVERY_S", 0.01)
    carrier, document = agreed([heard("no")])
    url = shelf.keep("RE1", SECOND).replace(ACCOUNT, "AC2")
    following = carrier.post(record_action(document), RecordingUrl=url)
    assert isinstance(carrier.events()[-1], NoInput)
    assert said(following)[0] == "no_input.1"


def test_without_consent_a_recording_is_deleted_unheard(make_parts, shelf):
    carrier = Carrier(make_parts(streaming=False, ears=ScriptedEars([[heard("yes")]]), twilio_api_url=shelf.url))
    carrier.follow(carrier.post("/voice/incoming"), RecordingUrl=shelf.keep("RE1", SECOND))
    assert isinstance(carrier.events()[-1], NoInput)
    assert (shelf.fetched, shelf.deleted) == ([], ["RE1"])
    assert list(carrier.parts.settings.audio_dir.iterdir()) == []
