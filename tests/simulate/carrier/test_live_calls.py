"""Calls over REST: looked at, taken elsewhere and ended while they go on.

Sources: twilio.com/docs/voice/api/call-resource#update-a-call-resource; errors 15004, 20003, 20404,
21220. Not documented and so not certain: that Dial's action is not asked when the call is taken elsewhere, and the
code (20001) for parameters that exclude each other.
"""

import threading

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.simulate.carrier.carrier_fakes import Scripted
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Party
from voicebot.simulate.carrier.entries import Updated

ACCOUNT = "AC" + "0" * 32
NUMBER = "+16515550110"
HOLD = '<Say loop="0">hold</Say>'


class Local(TwilioHttpClient):
    """Leads Twilio's own library to an emulated API."""

    def __init__(self, api_url):
        super().__init__(timeout=5)
        self._api_url = api_url

    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", self._api_url), *args, **kwargs)


class At(Scripted):
    """Does something else, once, at a time of the call, from the call's own thread: nothing is left to chance."""

    def __init__(self, at_ms, deed, **script):
        super().__init__(**script)
        self._at_ms, self._deed = at_ms, deed

    def next_actions(self, now_ms, /):
        if self._deed and now_ms >= self._at_ms:
            deed, self._deed = self._deed, None
            deed()
        return super().next_actions(now_ms)


@pytest.fixture
def live(server, make_carrier):
    """Place a call that is held, and change it by REST after 3 s; return the log and what the API answered."""

    def run(form, *, twiml=HOLD, parties=None, whose="/voice", auth=(ACCOUNT, TOKEN), **options):
        carrier = make_carrier(parties=parties, time_limit_s=60, **options)
        answers = []

        def change():
            sid = server.await_form(whose)["CallSid"]
            url = f"{carrier.api_url}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
            answers.append(requests.request("POST" if form else "GET", url, data=form, auth=auth, timeout=5))

        server.answers["/voice"] = twiml
        server.answers["/dialed"] = "<Hangup/>"
        server.answers["/other"] = "<Redirect>further</Redirect>"
        server.answers["/further"] = "<Hangup/>"
        log = carrier.place_call(At(3000, change))
        return log, answers[0]

    return run


def test_twiml_takes_the_call_elsewhere_at_once(live, server):
    log, answer = live({"Twiml": "<Response><Say>Now this.</Say></Response>"})
    assert (answer.status_code, answer.json()["status"]) == (200, "in-progress")
    assert log.said[-1] == "Now this."
    assert log.ended is EndReason.END_OF_DOCUMENT
    assert [entry.change for entry in log.of(Updated)] == ["Twiml"]
    assert len(log.heard) == (3000 + 20 + 9 * 65 + 15) * 8, "what was going on was cut short"


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_url_takes_the_call_elsewhere_and_is_asked_signed(live, server, method):
    log, _ = live({"Url": f"{server.url}/other", "Method": method})
    assert log.verbs == ["Say", "Redirect", "Hangup"]
    assert server.forms("/other")[0]["CallStatus"] == "in-progress"
    assert all("X-Twilio-Signature" in seen.headers for seen in server.seen)


@pytest.mark.parametrize(
    ("form", "ended"),
    [
        ({"Status": "completed"}, EndReason.ENDED_BY_API),
        ({"Status": "canceled"}, EndReason.TIME_LIMIT),
        ({"TimeLimit": "5"}, EndReason.TIME_LIMIT),
    ],
)
def test_a_status_may_end_a_call_that_is_going_on(live, form, ended):
    log, answer = live(form, status_url="/status")
    assert answer.status_code == 200
    assert log.ended is ended
    assert len(log.heard) // 8 == {"completed": 3020, "canceled": 60_000}.get(form.get("Status"), 5000)


def test_a_call_can_be_looked_at(live):
    log, answer = live({})
    assert answer.json()["sid"] == log.call_sid
    assert (answer.json()["direction"], answer.json()["status"]) == ("inbound", "in-progress")


@pytest.mark.parametrize(
    ("form", "options", "status", "code"),
    [
        ({"Twiml": "<Response/>"}, {"auth": (ACCOUNT, "wrong")}, 401, 20003),
        ({"Twiml": "<Response/>"}, {"auth": None}, 401, 20003),
        ({"Twiml": "<Response/>", "Url": "http://h/"}, {}, 400, 20001),
        ({"Status": "busy"}, {}, 400, 20001),
        ({"TimeLimit": "soon"}, {}, 400, 20001),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(live, form, options, status, code):
    log, answer = live(form, **options)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert log.ended is EndReason.TIME_LIMIT


@pytest.mark.parametrize(
    ("twiml", "code"),
    [
        ('<Gather action="/keys" timeout="1" actionOnEmptyResult="true"/>', ErrorCode.RELATIVE_ACTION),
        ('<Gather timeout="1" actionOnEmptyResult="true"/>', ErrorCode.INVALID_URL),
        ("<Redirect>/next</Redirect>", ErrorCode.RELATIVE_ACTION),
    ],
)
def test_twiml_of_an_update_needs_absolute_addresses(live, twiml, code):
    log, _ = live({"Twiml": f"<Response>{twiml}</Response>"})
    assert log.errors == [code]
    assert log.ended is EndReason.APPLICATION_ERROR


def test_twiml_of_an_update_that_is_none_leads_to_the_fallback(live, server):
    server.answers["/fallback"] = "<Hangup/>"
    log, _ = live({"Twiml": "<Response>"}, fallback_url="/fallback")
    assert (log.errors, log.ended) == ([ErrorCode.DOCUMENT_PARSE], EndReason.HANGUP_VERB)


def test_a_call_that_is_over_is_not_in_progress(server, make_carrier):
    carrier = make_carrier()
    server.answers["/voice"] = "<Hangup/>"
    log = carrier.place_call(Scripted())
    client = Client(ACCOUNT, TOKEN, http_client=Local(carrier.api_url))
    for update in ({"twiml": "<Response/>"}, {"status": "completed"}):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(log.call_sid).update(**update)
        assert (refused.value.status, refused.value.code) == (400, 21220)
    assert client.calls(log.call_sid).fetch().status == "completed"
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).update(twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_caller_who_is_taken_away_leaves_the_callee_and_no_action_is_asked(live, server):
    log, _ = live(
        {"Twiml": "<Response><Hangup/></Response>"},
        twiml=f'<Dial action="/dialed">{NUMBER}</Dial>',
        parties={NUMBER: Party(ring_s=1, talk_s=30)},
    )
    assert log.verbs == ["Dial", "Hangup"]
    assert log.callees[0].ended is EndReason.OTHER_LEG_OVER
    assert server.forms("/dialed") == []


def test_a_leg_that_rings_can_be_canceled(live, server):
    noun = f'<Number statusCallback="/told" statusCallbackEvent="initiated completed">{NUMBER}</Number>'
    server.answers["/told"] = ("", 204)
    log, answer = live(
        {"Status": "canceled"},
        twiml=f'<Dial action="/dialed">{noun}</Dial>',
        parties={NUMBER: Party.no_answer()},
        whose="/told",
    )
    assert (answer.status_code, answer.json()["parent_call_sid"]) == (200, log.call_sid)
    assert server.forms("/dialed")[0]["DialCallStatus"] == "canceled"
    assert log.ended is EndReason.HANGUP_VERB


def test_a_callee_can_be_taken_elsewhere_before_they_are_connected(live, server):
    server.answers["/whisper"] = HOLD
    log, _ = live(
        {"Twiml": "<Response><Say>Enough.</Say></Response>"},
        twiml=f'<Dial action="/dialed"><Number url="/whisper">{NUMBER}</Number></Dial>',
        parties={NUMBER: Party(ring_s=1)},
        whose="/whisper",
    )
    assert log.callees[0].said[-1] == "Enough."
    assert server.forms("/dialed")[0]["DialBridged"] == "true"


def test_a_callee_who_talks_can_be_hung_up(live, server):
    noun = f'<Number statusCallback="/told" statusCallbackEvent="answered">{NUMBER}</Number>'
    server.answers["/told"] = ("", 204)
    log, _ = live(
        {"Status": "completed"},
        twiml=f'<Dial action="/dialed">{noun}</Dial>',
        parties={NUMBER: Party(ring_s=1, talk_s=30)},
        whose="/told",
    )
    assert log.callees[0].ended is EndReason.ENDED_BY_API
    assert server.forms("/dialed")[0]["DialCallDuration"] == "2"


def test_a_callee_who_is_taken_elsewhere_from_the_talk_is_not_followed_there(live, server):
    noun = f'<Number statusCallback="/told" statusCallbackEvent="answered">{NUMBER}</Number>'
    server.answers["/told"] = ("", 204)
    log, _ = live(
        {"Twiml": "<Response><Say>Elsewhere.</Say></Response>"},
        twiml=f'<Dial action="/dialed">{noun}</Dial>',
        parties={NUMBER: Party(ring_s=1, talk_s=30)},
        whose="/told",
    )
    (callee,) = log.callees
    assert (callee.ended, callee.said, len(callee.doubts)) == (EndReason.DIAL_OVER, [], 1)
    assert server.forms("/dialed")[0]["DialCallStatus"] == "completed"


def test_an_update_stops_the_media_stream(server, make_carrier):
    carrier = make_carrier(speed=20, clock=None)
    server.answers["/voice"] = '<Connect action="/after"><Stream url="/media"/></Connect><Redirect>/next</Redirect>'
    streaming = threading.Event()

    def script(stream):
        stream.until("media")
        streaming.set()
        stream.drain()

    def change():
        assert streaming.wait(10)
        sid = server.forms("/voice")[0]["CallSid"]
        client = Client(ACCOUNT, TOKEN, http_client=Local(carrier.api_url))
        client.calls(sid).update(twiml="<Response><Say>Transferred.</Say></Response>")

    server.on_stream = script
    changer = threading.Thread(target=change)
    changer.start()
    log = carrier.place_call(Scripted())
    changer.join()
    assert server.stream().got[-1]["event"] == "stop"
    assert (log.verbs, log.said) == (["Connect", "Say"], ["Transferred."])
    assert server.paths == ["/voice"], "neither the action nor the next verb follows"
