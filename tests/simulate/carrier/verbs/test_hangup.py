"""Source: twilio.com/docs/voice/twiml/hangup."""

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import EndReason


def test_hangup_ends_before_what_follows(server, call):
    server.answers["/voice"] = "<Hangup/><Redirect>/never</Redirect>"
    assert call(Scripted()).ended is EndReason.HANGUP_VERB
    assert server.paths == ["/voice"]


def test_hangup_as_the_first_verb_still_answers_the_call(server, call):
    server.answers["/voice"] = "<Hangup/>"
    call(Scripted(), status_url="/status")
    assert server.forms("/status")[0]["CallStatus"] == "completed"
