"""Sources: twilio.com/docs/voice/twiml/number (url; statusCallback, its events and parameters), and live calls.

Seen on live calls: when a callee did not accept what was whispered, or a voicemail answered, DialCallStatus is still
`completed`; only DialBridged tells that nobody was put through. Not documented and so not certain: what the caller
hears meanwhile without answerOnBridge (here: silence), and what becomes of a whisper that cannot be had (here: no
bridge).
"""

import pytest
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, loud, sound
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, HangUp, Party

NUMBER = "+16515550110"
ASK = '<Gather numDigits="1" timeout="3" action="/accepted"><Say>Press one to accept.</Say></Gather><Hangup/>'


@pytest.fixture
def whisper(server, call):
    """Dial a party to whom `twiml` is whispered; return the log and the form of Dial's action."""

    def run(party, twiml=ASK, caller=None, dial="", **options):
        noun = f'<Number url="/whisper">{NUMBER}</Number>'
        server.answers["/voice"] = f'<Dial action="/dialed" {dial}>{noun}</Dial>'
        server.answers["/whisper"] = twiml
        server.answers["/accepted"] = lambda form: "<Say>Numb leg.</Say>" if form["Digits"] == "1" else "<Hangup/>"
        server.answers["/dialed"] = "<Hangup/>"
        log = call(caller or Scripted(), parties={NUMBER: party}, **options)
        forms = server.forms("/dialed")
        return log, forms[0] if forms else {}

    return run


def outcome(form):
    return form["DialCallStatus"], form["DialBridged"]


def test_the_whisper_is_heard_by_the_callee_alone(whisper):
    caller = Scripted()
    log, form = whisper(Party(), "<Say>For you only.</Say>", caller)
    assert caller.heard == []
    assert log.said == []
    assert log.callees[0].said == ["For you only."]
    assert outcome(form) == ("completed", "true")


def test_a_key_accepts_and_the_rest_of_the_whisper_comes_before_the_bridge(whisper):
    log, form = whisper(Party.answers(talk_s=4))
    assert log.callees[0].said == ["Press one to accept.", "Numb leg."]
    assert log.callees[0].verbs == ["Gather", "Say"]
    assert outcome(form) == ("completed", "true")


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (Party.declines("2"), ["Press one to accept."]),
        (Party.ignores(), ["Press one to accept."]),
        (Party.hangs_up(after_s=1), ["Press one to accept."]),
        (Party.voicemail(loud(4000)), ["Press one to accept."]),
    ],
    ids=["declines", "ignores", "hangs up", "voicemail"],
)
def test_without_the_key_there_is_no_bridge_and_yet_the_dial_counts_as_completed(whisper, party, said):
    log, form = whisper(party)
    assert log.callees[0].said == said
    assert outcome(form) == ("completed", "false")
    assert "DialCallDuration" in form


def test_a_voicemail_greets_and_hears_only_what_comes_before_a_key(whisper):
    log, _ = whisper(Party.voicemail(loud(4000)))
    (machine,) = log.callees
    assert machine.spoken.count(LOUD) == 4000 * 8
    assert machine.ended is EndReason.HANGUP_VERB
    assert log.heard.count(LOUD) == 0, "the caller is not put through to it"


def test_a_voicemail_is_put_through_when_nothing_is_whispered(server, call):
    server.answers["/voice"] = f"<Dial>{NUMBER}</Dial>"
    log = call(Scripted(), parties={NUMBER: Party.voicemail(loud(1000), message_s=5)})
    assert log.heard.count(LOUD) == 1000 * 8


def test_the_whisper_is_asked_for_as_the_callees_own_call(whisper, server):
    log, form = whisper(Party())
    (asked,) = server.forms("/whisper")
    assert asked["CallSid"] == form["DialCallSid"] == log.callees[0].call_sid
    assert asked["ParentCallSid"] == form["CallSid"] == log.call_sid
    assert (asked["Direction"], asked["CallStatus"]) == ("outbound-dial", "in-progress")
    assert (asked["From"], asked["To"]) == ("+16515550123", NUMBER)
    for seen in server.seen:
        assert RequestValidator(TOKEN).validate(seen.url, seen.form, seen.headers["X-Twilio-Signature"])


@pytest.mark.parametrize(("dial", "rings"), [('answerOnBridge="true"', True), ("", False)])
def test_with_answer_on_bridge_the_caller_hears_it_ring_during_the_whisper(whisper, dial, rings):
    log, _ = whisper(Party(ring_s=0, keys=""), dial=dial)
    assert (set(log.heard) != {0xFF}) == rings


@pytest.mark.parametrize("verb", ["Dial", "Record", "Connect", "Reject"])
def test_other_verbs_cannot_be_whispered(whisper, verb):
    inside = '<Stream url="wss://h/m"/>' if verb == "Connect" else ""
    log, form = whisper(Party(), f"<{verb}>{inside}</{verb}><Say>Still here.</Say>")
    assert log.callees[0].errors == [ErrorCode.SCHEMA]
    assert log.callees[0].said == ["Still here."]
    assert outcome(form) == ("completed", "true")


def test_pause_and_redirect_are_not_promised_there(whisper, server):
    server.answers["/more"] = "<Say>More.</Say>"
    log, form = whisper(Party(), "<Pause/><Redirect>/more</Redirect>")
    assert len(log.callees[0].doubts) == 2
    assert outcome(form) == ("completed", "true")


def test_a_whisper_that_cannot_be_had_connects_nobody(whisper):
    log, form = whisper(Party(), ("", 500), fallback_url="/fallback")
    assert log.callees[0].errors == [ErrorCode.HTTP_RETRIEVAL]
    assert outcome(form) == ("completed", "false")


def test_an_empty_whisper_connects_at_once(whisper):
    _, form = whisper(Party(), "")
    assert outcome(form) == ("completed", "true")


def test_a_caller_who_is_gone_during_the_whisper_ends_the_callees_leg(whisper):
    log, form = whisper(Party.ignores(), faults=Faults(hang_up_at_ms=4000))
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert log.callees[0].ended is EndReason.OTHER_LEG_OVER
    assert (outcome(form), form["CallStatus"]) == (("completed", "false"), "completed")


def test_a_person_with_a_mind_of_their_own_may_pick_up(whisper):
    callee = Scripted({"Press one to accept.": HangUp()})
    log, form = whisper(Party(mind=lambda: callee))
    assert [said.name for said in callee.heard] == ["Press one to accept."]
    assert log.callees[0].ended is EndReason.CALLER_HUNG_UP
    assert outcome(form) == ("completed", "false")


@pytest.fixture
def progress(server, call):
    """Dial a party; return what the number's status callback was told."""

    def run(party, events, **options):
        attributes = f'statusCallback="/told" {events}'
        server.answers["/voice"] = f"<Dial><Number {attributes}>{NUMBER}</Number></Dial>"
        server.answers["/told"] = ("", 204)
        call(Scripted(), parties={NUMBER: party}, **options)
        return server.forms("/told")

    return run


ALL = 'statusCallbackEvent="initiated ringing answered completed"'


@pytest.mark.parametrize(
    ("party", "statuses"),
    [
        (Party.answers(), ["initiated", "ringing", "in-progress", "completed"]),
        (Party.busy(), ["initiated", "ringing", "busy"]),
        (Party.no_answer(), ["initiated", "ringing", "no-answer"]),
        (Party.unreachable(), ["initiated", "ringing", "failed"]),
    ],
)
def test_the_status_callback_is_told_in_order_and_numbered_from_zero(progress, party, statuses):
    forms = progress(party, ALL)
    assert [form["CallStatus"] for form in forms] == statuses
    assert [form["SequenceNumber"] for form in forms] == [str(number) for number in range(len(statuses))]
    assert {form["CallbackSource"] for form in forms} == {"call-progress-events"}
    assert all(form["Timestamp"].endswith("+0000") for form in forms)
    assert ["CallDuration" in form for form in forms] == [False] * (len(forms) - 1) + [True]


def test_only_completed_is_told_unless_asked_for_more(progress):
    (form,) = progress(Party.answers(talk_s=3), "")
    assert (form["CallStatus"], form["CallDuration"]) == ("completed", "3")


def test_a_leg_is_told_canceled_when_the_caller_is_gone(progress):
    forms = progress(Party.no_answer(), ALL, faults=Faults(hang_up_at_ms=3000))
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "canceled"]


def test_a_sound_may_be_whispered(whisper, server):
    server.answers["/summary.wav"] = sound(500)
    log, form = whisper(Party(), "<Play>/summary.wav</Play>")
    assert log.callees[0].heard.count(LOUD) == 500 * 8
    assert outcome(form) == ("completed", "true")
