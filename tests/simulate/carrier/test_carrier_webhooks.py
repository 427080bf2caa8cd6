"""How the server is asked: form, signature, retry, limits, fallback, callbacks."""

import socket
import time

import pytest
from flask import Response
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import Scripted
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, HangUp, Limits
from voicebot.simulate.carrier.entries import Requested

ENDS = ("Called", "Caller", "From", "To")
PLACES = {f"{end}{place}" for end in ENDS for place in ("City", "Country", "State", "Zip")}
LIVE_FIELDS = PLACES | {"AccountSid", "ApiVersion", "CallSid", "CallStatus", "CallToken", "Called", "Caller"}
LIVE_FIELDS |= {"Direction", "From", "StirVerstat", "To"}


@pytest.fixture
def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


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


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (("", 500), ErrorCode.HTTP_RETRIEVAL),
        (("", 302), ErrorCode.HTTP_RETRIEVAL),
        (Response("hello", content_type="text/plain"), ErrorCode.CONTENT_TYPE),
        (Response("hello", content_type=""), ErrorCode.HTTP_RETRIEVAL),
        (Response("<Response>", content_type="text/xml"), ErrorCode.DOCUMENT_PARSE),
    ],
)
def test_a_failure_leads_to_the_fallback_url(server, call, answer, code):
    server.answers["/voice"] = answer
    server.answers["/fallback"] = "<Hangup/>"
    log = call(Scripted(), fallback_url="/fallback")
    assert log.errors == [code]
    assert log.ended is EndReason.HANGUP_VERB
    (form,) = server.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == (str(int(code)), f"{server.url}/voice")


@pytest.mark.parametrize("options", [{}, {"fallback_url": "/broken"}])
def test_without_a_usable_fallback_the_call_ends_in_an_application_error(server, call, options):
    server.answers["/voice"] = ("", 500)
    assert call(Scripted(), **options).ended is EndReason.APPLICATION_ERROR


def test_a_server_that_is_too_slow_has_failed(server, call):
    def slow(_):
        time.sleep(0.3)
        return "<Hangup/>"

    server.answers["/voice"] = slow
    log = call(Scripted(), limits=Limits(read_s=0.1, total_s=0.1))
    assert log.errors == [ErrorCode.HTTP_RETRIEVAL]
    assert server.paths == ["/voice"], "only a failure to connect is tried again"


def test_a_failure_to_connect_is_tried_again_and_the_fallback_may_live_elsewhere(server, make_carrier, free_port):
    server.answers["/bin"] = "<Hangup/>"
    carrier = make_carrier(f"http://127.0.0.1:{free_port}", fallback_url=f"{server.url}/bin")
    log = carrier.place_call(Scripted())
    assert log.ended is EndReason.HANGUP_VERB
    assert [entry.status for entry in log.of(Requested)] == [None, None, 200]


def test_the_status_callback_is_told_at_the_end(server, call):
    server.answers["/voice"] = '<Pause length="61"/>'
    server.answers["/status"] = ("", 204)
    call(Scripted(at={1600: HangUp()}), status_url="/status")
    (form,) = server.forms("/status")
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "2", "1")
    assert form["CallbackSource"] == "call-progress-events"
    assert form["Timestamp"].endswith("+0000")


def test_a_late_status_comes_behind_the_final_one_with_a_lower_number(server, call):
    server.answers["/voice"] = "<Hangup/>"
    server.answers["/status"] = ("", 204)
    call(Scripted(), status_url="/status", faults=Faults(late_status="in-progress"))
    told = [(form["CallStatus"], form["SequenceNumber"]) for form in server.forms("/status")]
    assert told == [("completed", "1"), ("in-progress", "0")]


def test_a_repeated_webhook_is_the_same_request_and_changes_nothing(server, call):
    server.answers["/voice"] = "<Redirect>/next</Redirect>"
    server.answers["/next"] = "<Hangup/>"
    log = call(Scripted(), faults=Faults(repeat_webhooks=True))
    assert server.paths == ["/voice", "/voice", "/next", "/next"]
    first, again, following, _ = (seen.headers["I-Twilio-Idempotency-Token"] for seen in server.seen)
    assert first == again != following
    assert log.verbs == ["Redirect", "Hangup"]


def test_the_log_keeps_no_number_and_no_token(server, call):
    server.answers["/voice"] = "<Hangup/>"
    log = call(Scripted(), status_url="/status")
    assert "+1651" not in repr(log.entries)
    assert server.seen[0].form["CallToken"] not in repr(log.entries)
    assert TOKEN not in repr(log.entries)
