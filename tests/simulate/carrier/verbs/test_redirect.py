"""Source: twilio.com/docs/voice/twiml/redirect. No limit is documented for calls: the one here is our own."""

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import EndReason
from voicebot.simulate.carrier.executor import DOCUMENTS_WITHOUT_TIME


def test_redirect_goes_on_at_a_relative_url_and_leaves_the_rest(server, call):
    server.answers["/voice"] = "<Redirect>next/step?a=1</Redirect><Say>never</Say>"
    server.answers["/next/step"] = "<Hangup/>"
    log = call(Scripted())
    assert log.verbs == ["Redirect", "Hangup"]
    assert server.seen[1].form["CallStatus"] == "in-progress"


def test_redirect_by_get_has_the_form_in_its_query(server, call):
    server.answers["/voice"] = '<Redirect method="GET">/next?a=1</Redirect>'
    server.answers["/next"] = "<Hangup/>"
    call(Scripted())
    assert server.seen[1].url.startswith(f"{server.url}/next?a=1&AccountSid=AC")
    assert server.seen[1].form["CallStatus"] == "in-progress"


def test_documents_that_only_lead_to_one_another_are_cut(server, call):
    server.answers["/voice"] = "<Redirect>/other</Redirect>"
    server.answers["/other"] = "<Redirect>/voice</Redirect>"
    assert call(Scripted()).ended is EndReason.DOCUMENT_LOOP
    assert len(server.paths) == DOCUMENTS_WITHOUT_TIME + 1


def test_a_loop_that_the_caller_hears_goes_on_to_the_time_limit(server, call):
    server.answers["/voice"] = "<Pause/><Redirect>/voice</Redirect>"
    log = call(Scripted(), time_limit_s=70)
    assert log.ended is EndReason.TIME_LIMIT
    assert len(log.heard) == 70_000 * 8
