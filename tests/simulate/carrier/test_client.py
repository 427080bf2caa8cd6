"""How requests are sent: retries, limits, redirects, cookies, duplicates.

Sources: twilio.com/docs/usage/webhooks/webhooks-connection-overrides, and twilio.com/docs/voice/twiml, "Twilio is a
well-behaved HTTP client". That a retry bears the same idempotency token is how Twilio's own SDK takes it.
"""

import socket
import threading

import pytest
from flask import Response
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import Scripted
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, Limits, Purpose
from voicebot.simulate.carrier.entries import Requested


@pytest.fixture
def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


@pytest.fixture
def slow():
    """An answer that does not come before the test is over."""
    over = threading.Event()
    yield lambda _: over.wait(20) and "<Hangup/>"
    over.set()


def answers(*each):
    """Answer each request in turn, the last one for ever."""
    left = list(each)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_failure_to_connect_is_tried_again_once(make_carrier, free_port):
    log = make_carrier(f"http://127.0.0.1:{free_port}").place_call(Scripted())
    assert [entry.status for entry in log.of(Requested)] == [None, None]
    assert log.errors == [ErrorCode.HTTP_RETRIEVAL]


@pytest.mark.parametrize(
    ("fragment", "status", "attempts"),
    [
        ("", 500, 1),
        ("#rc=2", 500, 1),
        ("#rc=2&rp=5xx", 500, 3),
        ("#rp=5xx", 500, 2),
        ("#rc=2&rp=4xx", 500, 1),
        ("#rc=2&rp=4xx", 404, 3),
        ("#rc=5&rp=all", 503, 6),
        ("#rc=0&rp=all", 503, 1),
    ],
)
def test_what_is_tried_again_and_how_often_is_told_by_the_fragment(server, call, fragment, status, attempts):
    server.answers["/voice"] = ("", status)
    log = call(Scripted(), voice_url=f"/voice{fragment}")
    assert server.paths == ["/voice"] * attempts
    assert log.errors == [ErrorCode.HTTP_RETRIEVAL]


def test_a_retry_that_succeeds_goes_on_and_is_the_same_request(server, call):
    server.answers["/voice"] = answers(("", 503), "<Redirect>/next</Redirect>")
    server.answers["/next"] = "<Hangup/>"
    log = call(Scripted(), voice_url="/voice#rp=5xx")
    assert log.ended is EndReason.HANGUP_VERB
    assert log.errors == []
    first, again, following = (seen.headers["I-Twilio-Idempotency-Token"] for seen in server.seen)
    assert first == again != following
    assert server.seen[0].form == server.seen[1].form


def test_the_fragment_is_neither_sent_nor_signed(server, call):
    server.answers["/voice"] = "<Redirect>/next?a=1#rc=2</Redirect>"
    server.answers["/next"] = "<Hangup/>"
    assert call(Scripted(), voice_url="/voice#rc=1").ended is EndReason.HANGUP_VERB
    for seen in server.seen:
        assert "#" not in seen.url
        assert RequestValidator(TOKEN).validate(seen.url, seen.form, seen.headers["X-Twilio-Signature"])


@pytest.mark.parametrize(
    ("fragment", "attempts"), [("#rt=100", 1), ("#rt=100&rc=2&rp=rt", 3), ("#tt=100&rc=5&rp=all", 1)]
)
def test_a_server_that_is_too_slow_has_failed(server, call, slow, fragment, attempts):
    server.answers["/voice"] = slow
    log = call(Scripted(), voice_url=f"/voice{fragment}")
    assert log.errors == [ErrorCode.HTTP_RETRIEVAL]
    assert [entry.status for entry in log.of(Requested)] == [None] * attempts


def test_fifteen_seconds_are_the_limit_unless_a_carrier_is_told_otherwise(server, call, slow):
    server.answers["/voice"] = slow
    assert call(Scripted(), limits=Limits(read_s=0.1, total_s=0.1)).errors == [ErrorCode.HTTP_RETRIEVAL]


def moved(status, location):
    return Response("", status, headers={"Location": location})


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_http_redirects_are_followed_as_a_browser_does(server, call, status, method):
    server.answers["/voice"] = moved(status, "/moved")
    server.answers["/moved"] = "<Redirect>here</Redirect>"
    server.answers["/here"] = "<Hangup/>"
    log = call(Scripted())
    assert log.verbs == ["Redirect", "Hangup"]
    assert [entry.method for entry in log.of(Requested)] == ["POST", method, "POST"]
    for seen in server.seen:
        assert RequestValidator(TOKEN).validate(seen.url, seen.form, seen.headers["X-Twilio-Signature"])


def test_ten_http_redirects_are_the_limit(server, call):
    server.answers["/voice"] = moved(307, "/voice")
    assert call(Scripted()).errors == [ErrorCode.TOO_MANY_REDIRECTS]
    assert len(server.paths) == 11


def test_cookies_come_back_within_a_call(server, call):
    server.answers["/voice"] = Response(
        "<Response><Redirect>/next</Redirect></Response>",
        content_type="text/xml",
        headers={"Set-Cookie": "turn=1; Path=/"},
    )
    server.answers["/next"] = "<Hangup/>"
    call(Scripted())
    assert server.seen[1].headers["Cookie"] == "turn=1"


def test_a_repeated_webhook_is_the_same_request_and_changes_nothing(server, call):
    server.answers["/voice"] = "<Redirect>/next</Redirect>"
    server.answers["/next"] = answers("<Hangup/>", "<Redirect>/never</Redirect>")
    log = call(Scripted(), faults=Faults(repeat_webhooks=True))
    assert server.paths == ["/voice", "/voice", "/next", "/next"]
    first, again, following, _ = (seen.headers["I-Twilio-Idempotency-Token"] for seen in server.seen)
    assert first == again != following
    assert log.verbs == ["Redirect", "Hangup"]
    assert {entry.purpose for entry in log.of(Requested)} == {Purpose.VOICE}
