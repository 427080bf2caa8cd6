"""Source: twilio.com/docs/voice/twiml/reject."""

import pytest

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import EndReason, ErrorCode


@pytest.mark.parametrize(
    ("attributes", "status"),
    [("", "no-answer"), ('reason="rejected"', "no-answer"), ('reason="busy"', "busy")],
)
def test_a_rejected_call_was_never_answered(server, call, attributes, status):
    server.answers["/voice"] = f"<Reject {attributes}/><Redirect>/never</Redirect>"
    assert call(Scripted(), status_url="/status").ended is EndReason.REJECTED
    (form,) = server.forms("/status")
    assert (form["CallStatus"], form["CallDuration"]) == (status, "0")
    assert server.paths == ["/voice", "/status"]


def test_reject_behind_another_verb_only_hangs_up(server, call):
    server.answers["/voice"] = '<Pause/><Reject reason="busy"/>'
    assert call(Scripted(), status_url="/status").ended is EndReason.HANGUP_VERB
    assert server.forms("/status")[0]["CallStatus"] == "completed"


def test_a_reason_that_there_is_not_has_no_meaning(server, call):
    server.answers["/voice"] = '<Reject reason="tired"/>'
    assert call(Scripted()).errors == [ErrorCode.SCHEMA]
