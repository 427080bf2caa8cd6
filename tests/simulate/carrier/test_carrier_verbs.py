"""What each verb does on a call, and what comes next."""

import pytest

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, loud, sound
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, HangUp, Party, Pickup, Press, SaidKind, Speak
from voicebot.simulate.carrier.entries import Dialed, Recorded
from voicebot.simulate.carrier.verbs import ANY_KEY

SILENT = Scripted


@pytest.fixture
def speed():
    return 60


def test_a_document_that_ends_hangs_up(server, call):
    server.answers["/voice"] = '<Pause length="1"/>'
    log = call(SILENT())
    assert log.ended is EndReason.END_OF_DOCUMENT
    assert len(log.heard) == len(log.spoken) >= 8000


def test_hangup_ends_before_what_follows(server, call):
    server.answers["/voice"] = "<Hangup/><Redirect>/never</Redirect>"
    assert call(SILENT()).ended is EndReason.HANGUP_VERB
    assert server.paths == ["/voice"]


def test_a_rejected_call_is_reported_busy(server, call):
    server.answers["/voice"] = '<Reject reason="busy"/>'
    assert call(SILENT(), status_url="/status").ended is EndReason.REJECTED
    assert server.forms("/status")[0]["CallStatus"] == "busy"


def test_redirect_goes_on_at_a_relative_url(server, call):
    server.answers["/voice"] = "<Redirect>next/step?a=1</Redirect><Say>never</Say>"
    server.answers["/next/step"] = "<Hangup/>"
    log = call(SILENT())
    assert log.verbs == ["Redirect", "Hangup"]
    assert server.seen[1].form["CallStatus"] == "in-progress"


def test_a_loop_of_documents_is_cut(server, call):
    server.answers["/voice"] = "<Redirect>/voice</Redirect>"
    assert call(SILENT()).ended is EndReason.DOCUMENT_LOOP
    assert len(server.paths) < 30


def test_a_loop_that_the_caller_hears_is_cut_at_the_time_limit(server, call):
    server.answers["/voice"] = "<Pause/><Redirect>/voice</Redirect>"
    log = call(SILENT(), time_limit_s=3)
    assert log.ended is EndReason.TIME_LIMIT
    assert 3000 <= len(log.heard) // 8 < 9000


def test_play_is_heard_in_its_length(server, call):
    server.answers["/voice"] = "<Play>/hello.wav</Play>"
    server.answers["/hello.wav"] = sound(500)
    caller = Scripted()
    log = call(caller)
    (said,) = caller.heard
    assert (said.name, said.kind, said.audio) == ("/hello.wav", SaidKind.PLAY, loud(500))
    assert said.ends_ms - said.starts_ms == 500
    assert log.heard.count(LOUD) == 4000
    assert "X-Twilio-Signature" in server.seen[1].headers


def test_say_takes_its_time_in_silence(server, call):
    server.answers["/voice"] = "<Say>Please hold the line</Say>"
    caller = Scripted()
    call(caller)
    (said,) = caller.heard
    assert (said.name, said.kind) == ("Please hold the line", SaidKind.SAY)
    assert 1000 < said.ends_ms - said.starts_ms < 2000


@pytest.mark.parametrize(
    ("answer", "code"),
    [(("", 404), ErrorCode.HTTP_RETRIEVAL), ("<not-a-sound/>", ErrorCode.CONTENT_TYPE)],
)
def test_a_sound_that_cannot_be_had_is_a_fatal_error(server, call, answer, code):
    server.answers["/voice"] = "<Play>/hello.wav</Play>"
    server.answers["/hello.wav"] = answer
    server.answers["/fallback"] = "<Hangup/>"
    log = call(SILENT(), fallback_url="/fallback")
    assert log.errors == [code]
    assert server.forms("/fallback")[0]["ErrorCode"] == str(int(code))
    assert log.ended is EndReason.HANGUP_VERB


GATHER = '<Gather input="dtmf" action="/keys" {}><Play>/ask.wav</Play></Gather><Redirect>/empty</Redirect>'


@pytest.fixture
def gather(server, call):
    """Run a Gather with some attributes; return the form of its action, None if it fell through."""

    def run(attributes, caller):
        server.answers["/voice"] = GATHER.format(attributes)
        server.answers["/ask.wav"] = sound(400)
        server.answers["/keys"] = server.answers["/empty"] = "<Hangup/>"
        log = call(caller)
        assert log.ended is EndReason.HANGUP_VERB
        forms = server.forms("/keys")
        assert len(forms) + server.paths.count("/empty") == 1
        return forms[0] if forms else None

    return run


def test_gather_without_a_key_falls_through(gather):
    assert gather('timeout="1"', SILENT()) is None


def test_gather_without_a_key_calls_its_action_if_told_to(gather):
    assert gather('timeout="1" actionOnEmptyResult="true"', SILENT())["Digits"] == ""


def test_gather_ends_at_the_number_of_digits(gather):
    form = gather('numDigits="1" timeout="60"', Scripted({"/ask.wav": Press("2")}))
    assert form["Digits"] == "2"
    assert "FinishedOnKey" not in form


def test_gather_ends_on_the_finish_key_behind_a_digit(gather):
    caller = Scripted({"/ask.wav": {0: Press("#"), 200: Press("1"), 400: Press("#")}})
    form = gather('timeout="60"', caller)
    assert (form["Digits"], form["FinishedOnKey"]) == ("#1", "#")


def test_gather_waits_anew_after_each_key(gather):
    caller = Scripted({"/ask.wav": {800: Press("1"), 1600: Press("2"), 2400: Press("3")}})
    assert gather('timeout="1"', caller)["Digits"] == "123"


def test_a_key_cuts_the_nested_prompt_short(gather, server):
    caller = Scripted(during={"/ask.wav": Press("9")})
    assert gather('timeout="0" numDigits="1"', caller)["Digits"] == "9"


def test_gather_with_no_timeout_takes_only_keys_pressed_during_the_prompt(gather):
    assert gather('timeout="0" numDigits="1"', Scripted({"/ask.wav": Press("9")}, delay_ms=200)) is None


RECORD = '<Record action="/recorded" {}/><Redirect>/empty</Redirect>'


@pytest.fixture
def record(server, make_carrier):
    """Run a Record with some attributes; return log, carrier and the form of its action, None if it fell through."""

    def run(attributes, caller):
        carrier = make_carrier()
        server.answers["/voice"] = RECORD.format(attributes)
        server.answers["/recorded"] = server.answers["/empty"] = "<Hangup/>"
        log = carrier.place_call(caller)
        forms = server.forms("/recorded")
        return log, carrier, forms[0] if forms else None

    return run


def test_record_ends_in_silence_and_trims_it(record):
    log, carrier, form = record('timeout="1"', Scripted({"beep": Speak(loud(600))}))
    assert form["RecordingDuration"] == "1"
    account, sid = form["AccountSid"], form["RecordingSid"]
    assert form["RecordingUrl"] == f"{carrier.api_url}/2010-04-01/Accounts/{account}/Recordings/{sid}"
    assert "Digits" not in form
    assert log.of(Recorded)[0].duration_ms == 600


def test_record_keeps_silence_if_told_to(record):
    log, _, form = record('timeout="1" trim="do-not-trim"', Scripted({"beep": Speak(loud(600))}, delay_ms=500))
    assert log.of(Recorded)[0].duration_ms == 2100
    assert form["RecordingDuration"] == "3"


@pytest.mark.parametrize("attributes", ['timeout="1"', 'timeout="1" trim="do-not-trim"'])
def test_an_empty_recording_skips_the_action(record, attributes):
    log, carrier, form = record(attributes, SILENT())
    assert form is None
    assert log.ended is EndReason.HANGUP_VERB
    assert carrier.recordings.kept == []


@pytest.mark.parametrize("key", ANY_KEY)
def test_a_key_ends_the_recording_and_is_told(record, key):
    _, _, form = record('timeout="5" trim="do-not-trim"', Scripted({"beep": Press(key)}))
    assert form["Digits"] == key


def test_a_key_that_does_not_finish_goes_unnoticed(record):
    _, _, form = record('timeout="1" finishOnKey="#"', Scripted({"beep": {100: Press("1"), 200: Speak(loud(300))}}))
    assert "Digits" not in form


def test_record_ends_at_its_greatest_length(record):
    log, _, _ = record('maxLength="2"', Scripted({"beep": Speak(loud(5000))}, delay_ms=0))
    assert log.of(Recorded)[0].duration_ms == 2000


def test_hanging_up_while_being_recorded_still_calls_the_action(record):
    log, _, form = record("", Scripted({"beep": {100: Speak(loud(5000)), 900: HangUp()}}))
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert log.verbs == ["Record"]


def test_a_beep_starts_a_recording_unless_told_otherwise(record):
    heard = []
    for attributes in ('timeout="1"', 'timeout="1" playBeep="false"'):
        caller = Scripted()
        record(attributes, caller)
        heard.append([said.kind for said in caller.heard])
    assert heard == [[SaidKind.BEEP], []]


def test_the_recording_status_callback_is_told(server, call):
    server.answers["/voice"] = '<Record action="/done" timeout="1" recordingStatusCallback="/recording"/>'
    server.answers["/done"] = "<Hangup/>"
    server.answers["/recording"] = ("", 204)
    call(Scripted({"beep": Speak(loud(500))}))
    assert server.forms("/recording")[0]["RecordingStatus"] == "completed"


NUMBER = "+16515550110"


@pytest.mark.parametrize(
    ("party", "status", "duration"),
    [
        (Party(talk_s=2), "completed", "2"),
        (Party(Pickup.BUSY), "busy", "0"),
        (Party(Pickup.NO_ANSWER), "no-answer", "0"),
        (Party(Pickup.FAILED, ring_s=0), "failed", "0"),
        (Party(ring_s=30), "no-answer", "0"),
    ],
)
def test_dial_tells_its_action_how_it_went(server, call, party, status, duration):
    server.answers["/voice"] = f'<Dial action="/dialed" timeout="5">{NUMBER}</Dial><Redirect>/never</Redirect>'
    server.answers["/dialed"] = "<Hangup/>"
    log = call(SILENT(), parties={NUMBER: party})
    (form,) = server.forms("/dialed")
    assert (form["DialCallStatus"], form["DialCallDuration"]) == (status, duration)
    assert form["DialCallSid"].startswith("CA")
    assert form["DialCallSid"] != form["CallSid"]
    assert [(entry.number, entry.status) for entry in log.of(Dialed)] == [(NUMBER, status)]


def test_dial_without_an_action_falls_through(server, call):
    server.answers["/voice"] = f"<Dial>{NUMBER}</Dial><Redirect>/next</Redirect>"
    server.answers["/next"] = "<Hangup/>"
    assert call(SILENT(), parties={NUMBER: Party(Pickup.BUSY)}).verbs == ["Dial", "Redirect", "Hangup"]


def test_of_several_numbers_the_first_to_answer_gets_the_call(server, call):
    second = "+16515550111"
    server.answers["/voice"] = f"<Dial><Number>{NUMBER}</Number><Number>{second}</Number></Dial>"
    log = call(SILENT(), parties={NUMBER: Party(Pickup.BUSY), second: Party(ring_s=4, talk_s=1)})
    assert [(entry.number, entry.status) for entry in log.of(Dialed)] == [(second, "completed")]


@pytest.mark.parametrize(("gone_ms", "status"), [(1000, "canceled"), (3000, "completed")])
def test_a_caller_who_hangs_up_during_dial_still_causes_the_action(server, call, gone_ms, status):
    server.answers["/voice"] = f'<Dial action="/dialed">{NUMBER}</Dial>'
    server.answers["/dialed"] = "<Say>never heard</Say>"
    log = call(SILENT(), faults=Faults(hang_up_at_ms=gone_ms), parties={NUMBER: Party(talk_s=60)})
    (form,) = server.forms("/dialed")
    assert (form["DialCallStatus"], form["CallStatus"]) == (status, "completed")
    assert log.ended is EndReason.CALLER_HUNG_UP


def test_what_twiml_does_not_know_is_left_out_and_noted(server, call):
    server.answers["/voice"] = "<Sing/><Hangup/>"
    log = call(SILENT())
    assert (log.verbs, log.errors) == (["Hangup"], [ErrorCode.SCHEMA])


def test_turn_by_turn_the_gap_runs_from_the_end_of_speech_to_the_next_prompt(server, call):
    server.answers["/voice"] = '<Record action="/done" timeout="1"/>'
    server.answers["/done"] = "<Play>/next.wav</Play>"
    server.answers["/next.wav"] = sound(100)
    log = call(Scripted({"beep": Speak(loud(600) + b"\xff" * 800)}), speed=5)
    (gap_ms,) = log.turn_gaps_ms
    assert 1000 <= gap_ms < 1300
