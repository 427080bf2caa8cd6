"""The fallback URL, the apology, and when a call counts as answered.

Sources: twilio.com/docs/usage/security/availability-reliability (fallback, ErrorCode, ErrorUrl), the errors' own pages,
and twilio.com/docs/voice/twiml#callstatus-values. The words of the apology are not Twilio's.
"""

import pytest
from flask import Response

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults
from voicebot.simulate.carrier.call import APOLOGY


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (("", 500), ErrorCode.HTTP_RETRIEVAL),
        (("", 404), ErrorCode.HTTP_RETRIEVAL),
        (("", 302), ErrorCode.HTTP_RETRIEVAL),
        (Response("hello", content_type=""), ErrorCode.HTTP_RETRIEVAL),
        (Response("{}", content_type="application/json"), ErrorCode.CONTENT_TYPE),
        (Response("<Response>", content_type="text/xml"), ErrorCode.DOCUMENT_PARSE),
        (Response("<Answer/>", content_type="text/xml"), ErrorCode.SCHEMA),
        (Response(f"<Response>{' ' * 65536}</Response>", content_type="text/xml"), ErrorCode.DOCUMENT_TOO_LARGE),
    ],
)
def test_a_fatal_error_leads_to_the_fallback_url(server, call, answer, code):
    server.answers["/voice"] = answer
    server.answers["/fallback"] = "<Hangup/>"
    log = call(Scripted(), fallback_url="/fallback")
    assert log.errors == [code]
    assert log.ended is EndReason.HANGUP_VERB
    (form,) = server.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == (str(int(code)), f"{server.url}/voice")
    assert form["CallSid"] == log.call_sid


def test_an_error_in_the_middle_of_a_call_leads_there_too(server, call):
    server.answers["/voice"] = "<Pause/><Redirect>/gone</Redirect>"
    server.answers["/fallback"] = "<Redirect>/rest</Redirect>"
    server.answers["/rest"] = "<Hangup/>"
    log = call(Scripted(), fallback_url="/fallback")
    assert log.verbs == ["Pause", "Redirect", "Redirect", "Hangup"]
    assert server.forms("/fallback")[0]["ErrorUrl"] == f"{server.url}/gone"


@pytest.mark.parametrize(("options", "errors"), [({}, 1), ({"fallback_url": "/broken"}, 2)])
def test_without_a_usable_fallback_the_caller_hears_an_apology_and_is_hung_up(server, call, options, errors):
    server.answers["/voice"] = ("", 500)
    log = call(Scripted(), status_url="/status", **options)
    assert log.ended is EndReason.APPLICATION_ERROR
    assert log.said == [APOLOGY.text]
    assert log.errors[:errors] == [ErrorCode.HTTP_RETRIEVAL] * errors
    assert server.forms("/status")[0]["CallStatus"] == "completed"


def test_nobody_apologizes_to_who_is_gone(server, call):
    server.answers["/voice"] = '<Dial action="/dialed">+16515550110</Dial>'
    server.answers["/dialed"] = ("", 500)
    log = call(Scripted(), faults=Faults(hang_up_at_ms=1000))
    assert log.said == []
    assert log.ended is EndReason.CALLER_HUNG_UP


@pytest.mark.parametrize(
    ("twiml", "status"),
    [
        ("<Pause/><Redirect>/next</Redirect>", "in-progress"),
        ('<Dial answerOnBridge="true">+1</Dial><Redirect>/next</Redirect>', "in-progress"),
        ("<Redirect>/next</Redirect>", "in-progress"),
    ],
)
def test_a_call_is_in_progress_once_a_verb_answered_it(server, call, twiml, status):
    server.answers["/voice"] = twiml
    server.answers["/next"] = "<Hangup/>"
    call(Scripted())
    assert [seen.form["CallStatus"] for seen in server.seen] == ["ringing", status]


def test_who_hangs_up_before_an_answer_was_never_answered(server, call):
    server.answers["/voice"] = '<Dial answerOnBridge="true">+16515550110</Dial>'
    call(Scripted(), faults=Faults(hang_up_at_ms=1000), status_url="/status")
    assert server.forms("/status")[0]["CallStatus"] == "no-answer"
