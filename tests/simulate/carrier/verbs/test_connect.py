"""Sources: twilio.com/docs/voice/twiml/connect and .../stream; errors 31902, 31920, 31921, 31923 and 31941.

Which code a refused URL gets is read from the codes' descriptions, not seen on a live account.
"""

import socket

import pytest
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import Scripted, Socket, frames
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import EndReason, ErrorCode, Faults, HangUp

PUBLIC = "https://phone.example.org"


@pytest.fixture
def timing():
    return {"speed": 20}


def test_the_handshake_is_signed_over_the_wss_form_of_the_url(server, connect):
    connect(frames(1))
    (headers,) = server.handshakes
    signed = f"{server.url.replace('http', 'wss')}/media"
    assert headers["X-Twilio-Signature"] == RequestValidator(TOKEN).compute_signature(signed, {})


def test_behind_a_proxy_the_public_wss_url_is_signed(server, connect):
    log = connect(frames(1), url="wss://phone.example.org/media", public_url=PUBLIC)
    (headers,) = server.handshakes
    expected = RequestValidator(TOKEN).compute_signature("wss://phone.example.org/media", {})
    assert headers["X-Twilio-Signature"] == expected
    assert headers["X-Forwarded-Proto"] == "https"
    assert log.errors == []


def test_a_relative_url_is_the_documents_own_with_a_sockets_scheme(server, connect):
    log = connect(frames(1), url="/media")
    assert log.errors == []
    assert len(server.handshakes) == 1


def test_when_the_server_closes_the_next_verb_follows(server, connect):
    log = connect(frames(2))
    assert log.verbs == ["Connect", "Redirect", "Hangup"]
    assert log.errors == []
    assert not server.stream().of("stop")


def test_when_the_server_closes_the_action_follows_if_there_is_one(server, connect):
    log = connect(frames(2), connect='action="/after"')
    assert log.verbs == ["Connect", "Hangup"]
    assert server.paths == ["/voice", "/after"]


def test_at_the_end_of_the_document_the_call_is_hung_up(server, call):
    server.answers["/voice"] = '<Connect><Stream url="/media"/></Connect>'
    server.on_stream = frames(2)
    assert call(Scripted()).ended is EndReason.END_OF_DOCUMENT


def test_a_caller_who_hangs_up_stops_the_stream_and_still_causes_the_action(server, connect):
    log = connect(Socket.drain, Scripted(at={300: HangUp()}), status_url="/status", connect='action="/after"')
    assert server.stream().got[-1]["event"] == "stop"
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert log.verbs == ["Connect"]
    assert server.paths == ["/voice", "/after", "/status"]
    assert server.forms("/after")[0]["CallStatus"] == "completed"


def test_without_an_action_nothing_follows_a_caller_who_hangs_up(server, connect):
    log = connect(Socket.drain, Scripted(at={300: HangUp()}))
    assert log.verbs == ["Connect"]
    assert server.paths == ["/voice"]


def test_its_parameters_arrive_in_the_start_message(server, connect):
    connect(frames(1))
    assert server.stream().of("start")[0]["start"]["customParameters"] == {"token": "t-1"}


def test_a_parameter_of_500_characters_is_doubtful(server, call):
    parameter = f'<Parameter name="token" value="{"x" * 495}"/>'
    server.answers["/voice"] = f'<Connect><Stream url="/media">{parameter}</Stream></Connect>'
    server.on_stream = frames(1)
    assert len(call(Scripted()).doubts) == 1


@pytest.mark.parametrize("ends", ["the server", "the caller"])
def test_the_status_callback_is_told_of_start_and_stop_whoever_ends_it(server, connect, ends):
    script, at = (frames(1), {}) if ends == "the server" else (Socket.drain, {300: HangUp()})
    connect(script, Scripted(at=at), stream=f'statusCallback="{server.url}/stream-status" name="line"')
    forms = server.forms("/stream-status")
    assert [form["StreamEvent"] for form in forms] == ["stream-started", "stream-stopped"]
    assert {form["StreamName"] for form in forms} == {"line"}
    assert {form["StreamSid"] for form in forms} == {server.stream().sid}


def test_the_status_callback_is_told_of_an_error(server, connect):
    callback = f'statusCallback="{server.url}/stream-status"'
    connect(frames(1), url=f"{server.url.replace('http', 'ws')}/nowhere", stream=callback)
    (form,) = server.forms("/stream-status")
    assert form["StreamEvent"] == "stream-error"
    assert form["StreamError"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://phone.example.org/media", ErrorCode.STREAM_MALFORMED_URL),
        ("https://phone.example.org/media", ErrorCode.STREAM_MALFORMED_URL),
        ("wss://phone.example.org/media?token=1", ErrorCode.STREAM_HANDSHAKE),
    ],
)
def test_a_url_that_no_stream_may_have_is_refused_and_the_call_goes_on(connect, url, code):
    log = connect(frames(1), url=url, public_url=PUBLIC)
    assert log.errors == [code]
    assert log.verbs == ["Connect", "Redirect", "Hangup"]


def test_only_the_inbound_track_can_be_had(connect):
    assert connect(frames(1), stream='track="both_tracks"').errors == [ErrorCode.STREAM_TRACK]


def test_a_refused_handshake_leads_on(server, connect):
    log = connect(frames(1), url=f"{server.url.replace('http', 'ws')}/nowhere")
    assert log.errors == [ErrorCode.STREAM_HANDSHAKE]
    assert log.verbs == ["Connect", "Redirect", "Hangup"]


def test_where_nobody_listens_the_connection_is_refused(connect):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert connect(frames(1), url=f"ws://127.0.0.1:{port}/media").errors == [ErrorCode.STREAM_REFUSED]


def test_a_stream_that_is_refused_on_purpose_is_none_at_all(server, connect):
    log = connect(frames(1), faults=Faults(refuse_stream=True))
    assert log.errors == [ErrorCode.STREAM_HANDSHAKE]
    assert server.streams == []


def test_a_network_that_drops_leads_on_without_a_stop(server, connect):
    log = connect(Socket.drain, faults=Faults(drop_socket_after_frames=5))
    assert log.errors == [ErrorCode.STREAM_CLOSED_BY_SERVER]
    assert len(server.stream().of("media")) == 5
    assert not server.stream().of("stop")
    assert log.verbs == ["Connect", "Redirect", "Hangup"]
