"""What is asked and told, and what an answer means: form, signature, content types, status callback, secrets.

Sources: twilio.com/docs/voice/twiml (request parameters; MIME types; "Ending the call"), twilio.com/docs/usage/security
(signatures), and forms that live calls left.
"""

import pytest
from flask import Response
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import Scripted
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, HangUp

ENDS = ("Called", "Caller", "From", "To")
PLACES = {f"{end}{place}" for end in ENDS for place in ("City", "Country", "State", "Zip")}
LIVE_FIELDS = PLACES | {"AccountSid", "ApiVersion", "CallSid", "CallStatus", "CallToken", "Called", "Caller"}
LIVE_FIELDS |= {"Direction", "From", "StirVerstat", "To"}


def test_the_first_form_is_that_of_a_live_inbound_call(server, make_carrier):
    server.answers["/voice"] = "<Hangup/>"
    log = make_carrier().place_call(Scripted(), "+16515550123", "+16515550100")
    (seen,) = server.seen
    assert set(seen.form) == LIVE_FIELDS
    assert (seen.form["From"], seen.form["To"]) == ("+16515550123", "+16515550100")
    assert (seen.form["Caller"], seen.form["Called"]) == ("+16515550123", "+16515550100")
    assert (seen.form["CallStatus"], seen.form["Direction"]) == ("ringing", "inbound")
    assert seen.form["CallSid"] == log.call_sid
    assert len(log.call_sid) == 34
    assert seen.headers["I-Twilio-Idempotency-Token"]


def test_every_request_is_signed(server, call):
    server.answers["/voice"] = "<Redirect>/next?turn=1&amp;b=%20c</Redirect>"
    server.answers["/next"] = '<Redirect method="GET">/last</Redirect>'
    server.answers["/last"] = "<Hangup/>"
    call(Scripted(), status_url="/status")
    validator = RequestValidator(TOKEN)
    assert server.paths == ["/voice", "/next", "/last", "/status"]
    for seen in server.seen:
        form = {} if seen.path == "/last" else seen.form
        assert validator.validate(seen.url, form, seen.headers["X-Twilio-Signature"]), seen.path
        assert not validator.validate(seen.url, {**form, "From": "+1"}, seen.headers["X-Twilio-Signature"])


def test_a_public_url_is_signed_and_a_proxy_pretended(server, call):
    server.answers["/voice"] = "<Redirect>https://phone.example.org/next</Redirect>"
    server.answers["/next"] = "<Hangup/>"
    log = call(Scripted(), public_url="https://phone.example.org")
    assert log.ended is EndReason.HANGUP_VERB
    for seen in server.seen:
        assert (seen.headers["X-Forwarded-Proto"], seen.headers["X-Forwarded-Host"]) == ("https", "phone.example.org")
        signature = seen.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(f"https://phone.example.org{seen.path}", seen.form, signature)


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml; charset=utf-8", "text/html", "text/plain"])
def test_twiml_may_have_any_of_four_types(server, call, content_type):
    server.answers["/voice"] = Response("<Response><Hangup/></Response>", content_type=content_type)
    assert call(Scripted()).ended is EndReason.HANGUP_VERB


def test_plain_text_that_is_no_twiml_is_read_out(server, call):
    server.answers["/voice"] = Response("Good morning.", content_type="text/plain")
    log = call(Scripted())
    assert (log.said, log.ended, log.errors) == (["Good morning."], EndReason.END_OF_DOCUMENT, [])


def test_what_twiml_does_not_know_is_left_out_with_a_warning(server, call):
    server.answers["/voice"] = "<Sing/><Hangup/>"
    log = call(Scripted())
    assert (log.verbs, log.errors) == (["Hangup"], [ErrorCode.SCHEMA])


def test_the_status_callback_is_told_once_at_the_end_behind_everything_else(server, call):
    server.answers["/voice"] = '<Pause length="100"/>'
    server.answers["/status"] = ("", 204)
    call(Scripted(at={61_000: HangUp()}), status_url="/status")
    assert server.paths == ["/voice", "/status"]
    (form,) = server.forms("/status")
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "61", "2")
    assert (form["CallbackSource"], form["SequenceNumber"]) == ("call-progress-events", "0")
    assert form["Timestamp"].endswith("+0000")


def test_a_late_status_comes_behind_the_final_one_with_a_lower_number(server, call):
    server.answers["/voice"] = "<Hangup/>"
    server.answers["/status"] = ("", 204)
    call(Scripted(), status_url="/status", faults=Faults(late_status="in-progress"))
    told = [(form["CallStatus"], form["SequenceNumber"]) for form in server.forms("/status")]
    assert told == [("completed", "1"), ("in-progress", "0")]


def test_a_callback_that_fails_is_noted_and_changes_nothing(server, call):
    server.answers["/voice"] = "<Hangup/>"
    server.answers["/status"] = ("", 500)
    log = call(Scripted(), status_url="/status")
    assert (log.ended, log.errors) == (EndReason.HANGUP_VERB, [ErrorCode.HTTP_RETRIEVAL])


def test_the_log_keeps_no_number_and_no_token(server, call):
    server.answers["/voice"] = '<Redirect method="GET">/next</Redirect>'
    server.answers["/next"] = "<Hangup/>"
    log = call(Scripted(), status_url="/status")
    assert "+1651" not in repr(log.entries)
    assert server.seen[0].form["CallToken"] not in repr(log.entries)
    assert TOKEN not in repr(log.entries)
