"""Source: twilio.com/docs/voice/twiml/record.

About an empty recording the page contradicts itself: it says that silent recordings are kept by default, and its
voicemail example has a verb for the case that there is none. Both ways are emulated.
"""

import pytest

from tests.simulate.carrier.carrier_fakes import Scripted, loud
from voicebot.simulate.carrier import EndReason, Faults, HangUp, Press, Speak
from voicebot.simulate.carrier.audio import SILENCE
from voicebot.simulate.carrier.entries import Recorded
from voicebot.simulate.carrier.verbs.record import ANY_KEY

RECORD = '<Record action="/recorded" {}/><Redirect>/empty</Redirect>'


@pytest.fixture
def record(server, make_carrier):
    """Run a Record with some attributes; return log, carrier and the form of its action, None if it fell through."""

    def run(attributes, caller, **options):
        carrier = make_carrier(**options)
        server.answers["/voice"] = RECORD.format(attributes)
        server.answers["/recorded"] = server.answers["/empty"] = "<Hangup/>"
        server.answers["/told"] = ("", 204)
        log = carrier.place_call(caller)
        forms = server.forms("/recorded")
        return log, carrier, forms[0] if forms else None

    return run


def test_silence_ends_it_and_is_trimmed(record):
    log, carrier, form = record('timeout="1"', Scripted({"beep": Speak(loud(600))}))
    assert form["RecordingDuration"] == "1"
    account, sid = form["AccountSid"], form["RecordingSid"]
    assert form["RecordingUrl"] == f"{carrier.api_url}/2010-04-01/Accounts/{account}/Recordings/{sid}"
    assert "Digits" not in form
    assert log.of(Recorded)[0].duration_ms == 600
    assert len(log.heard) == (400 + 100 + 600 + 1000) * 8


def test_silence_is_kept_if_told_to(record):
    log, _, form = record('timeout="1" trim="do-not-trim"', Scripted({"beep": Speak(loud(600))}, delay_ms=500))
    assert log.of(Recorded)[0].duration_ms == 500 + 600 + 1000
    assert form["RecordingDuration"] == "3"


def test_a_timeout_of_zero_lets_silence_go_on_to_the_greatest_length(record):
    log, _, _ = record('timeout="0" maxLength="20"', Scripted({"beep": Speak(loud(600))}))
    assert len(log.heard) == (400 + 20_000) * 8


@pytest.mark.parametrize("attributes", ['timeout="1"', 'timeout="1" trim="do-not-trim"'])
def test_an_empty_recording_skips_the_action(record, attributes):
    log, carrier, form = record(attributes, Scripted())
    assert form is None
    assert log.verbs == ["Record", "Redirect", "Hangup"]
    assert carrier.recordings.kept == []


def test_a_carrier_that_keeps_silent_recordings_asks_the_action(record):
    log, carrier, form = record('timeout="1"', Scripted(), keeps_silent_recordings=True)
    assert form["RecordingDuration"] == "1"
    assert log.verbs == ["Record", "Hangup"]
    assert carrier.recordings.kept == [form["RecordingSid"]]


@pytest.mark.parametrize("key", ANY_KEY)
def test_a_key_ends_it_and_is_told(record, key):
    _, _, form = record('timeout="5" trim="do-not-trim"', Scripted({"beep": Press(key)}))
    assert form["Digits"] == key


def test_a_key_that_does_not_finish_goes_unnoticed(record):
    _, _, form = record('timeout="1" finishOnKey="#"', Scripted({"beep": {100: Press("1"), 200: Speak(loud(300))}}))
    assert "Digits" not in form


def test_its_greatest_length_ends_it(record):
    log, _, _ = record('maxLength="2"', Scripted({"beep": Speak(loud(5000))}, delay_ms=0))
    assert log.of(Recorded)[0].duration_ms == 2000


def test_hanging_up_still_causes_the_action(record):
    log, _, form = record("", Scripted({"beep": {100: Speak(loud(5000)), 900: HangUp()}}))
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert log.verbs == ["Record"]


def test_hanging_up_without_a_word_causes_nothing(record, server):
    log, _, form = record("", Scripted({"beep": HangUp()}))
    assert (log.ended, form) == (EndReason.CALLER_HUNG_UP, None)
    assert server.paths == ["/voice"]


def test_a_beep_starts_it_unless_told_otherwise(record):
    said = [record(attributes, Scripted())[0].said for attributes in ('timeout="1"', 'timeout="1" playBeep="false"')]
    assert said == [["beep"], []]


@pytest.mark.parametrize(
    ("events", "words", "told"),
    [
        ("", loud(500), ["completed"]),
        ('recordingStatusCallbackEvent="in-progress completed absent"', loud(500), ["in-progress", "completed"]),
        ('recordingStatusCallbackEvent="in-progress completed absent"', b"", ["in-progress", "absent"]),
        ('recordingStatusCallbackEvent="in-progress"', loud(500), ["in-progress"]),
    ],
)
def test_the_status_callback_is_told_what_was_asked_for(record, server, events, words, told):
    record(f'timeout="1" recordingStatusCallback="/told" {events}', Scripted({"beep": Speak(words)}))
    forms = server.forms("/told")
    assert [form["RecordingStatus"] for form in forms] == told
    assert {(form["RecordingChannels"], form["RecordingSource"]) for form in forms} == {("1", "RecordVerb")}


def test_completed_is_told_behind_the_action(record, server):
    record('timeout="1" recordingStatusCallback="/told"', Scripted({"beep": Speak(loud(500))}))
    assert server.paths.index("/recorded") < server.paths.index("/told")
    assert server.forms("/told")[0]["RecordingUrl"] == server.forms("/recorded")[0]["RecordingUrl"]


def test_turn_by_turn_the_gap_runs_from_the_end_of_speech_to_the_next_prompt(server, call):
    server.answers["/voice"] = '<Record action="/done" timeout="1"/>'
    server.answers["/done"] = "<Say>Next</Say>"
    log = call(Scripted({"beep": Speak(loud(600) + SILENCE * 800)}))
    assert log.turn_gaps_ms == [pytest.approx(1000, abs=20)]


def test_who_is_cut_off_while_recording_causes_no_action(record):
    log, _, form = record("", Scripted({"beep": Speak(loud(60_000))}), time_limit_s=5)
    assert (log.ended, form) == (EndReason.TIME_LIMIT, None)


def test_a_caller_who_is_gone_before_anything_was_said_is_not_asked_about(server, call):
    server.answers["/voice"] = RECORD.format("")
    log = call(Scripted(), faults=Faults(hang_up_at_ms=1000))
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert server.paths == ["/voice"]
