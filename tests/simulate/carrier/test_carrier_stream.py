"""The media stream on the wire: handshake, timing, marks, clear, what ends it and what follows."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, loud
from tests.simulate.carrier.conftest import TOKEN
from voicebot.simulate.carrier import (
    BadFrame,
    EndReason,
    ErrorCode,
    Faults,
    HangUp,
    MarkFate,
    Press,
    SaidKind,
    Speak,
)
from voicebot.simulate.carrier.entries import MarkReturned

PUBLIC = "https://phone.example.org"


@pytest.fixture
def connect(server, call):
    """Place a call that is connected to a stream, whose server does `script`; what follows is a Redirect to /resume."""

    def run(script, caller=None, *, url=None, connect="", stream="", **options):
        url = url or f"{server.url.replace('http', 'ws')}/media"
        noun = f'<Stream url="{url}" {stream}><Parameter name="token" value="t-1"/></Stream>'
        server.answers["/voice"] = f"<Connect {connect}>{noun}</Connect><Redirect>/resume</Redirect>"
        server.answers["/resume"] = server.answers["/after"] = "<Hangup/>"
        server.answers["/stream-status"] = ("", 204)
        server.on_stream = script
        return call(caller or Scripted(), **options)

    return run


def frames(count):
    def script(stream):
        for _ in range(count):
            stream.until("media")

    return script


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


def test_a_stream_starts_as_a_live_one(server, connect):
    log = connect(frames(3))
    got = server.stream().got
    assert [message["event"] for message in got] == ["connected", "start", "media", "media", "media"]
    assert got[1]["start"]["customParameters"] == {"token": "t-1"}
    assert got[1]["start"]["callSid"] == log.call_sid
    assert [message["media"]["chunk"] for message in got[2:]] == ["1", "2", "3"]
    stamps = [int(message["media"]["timestamp"]) for message in got[2:]]
    assert stamps[0] >= 98
    assert all(abs(later - earlier - 20) <= 4 for earlier, later in pairwise(stamps))


def test_frames_keep_time_without_drift(connect):
    began = time.monotonic()
    log = connect(frames(50), speed=1)
    assert time.monotonic() - began == pytest.approx(1.05, abs=0.2)
    assert log.frames_sent >= 50


def test_when_the_server_closes_the_next_verb_follows(server, connect):
    log = connect(frames(2))
    assert log.verbs == ["Connect", "Redirect", "Hangup"]
    assert log.errors == []
    assert not server.stream().of("stop")


def test_when_the_server_closes_the_action_follows_if_there_is_one(server, connect):
    log = connect(frames(2), connect='action="/after"')
    assert log.verbs == ["Connect", "Hangup"]
    assert server.paths == ["/voice", "/after"]


def test_what_the_caller_says_and_presses_arrives(server, connect):
    caller = Scripted(at={200: Speak(loud(100)), 400: Press("1")})
    log = connect(frames(60), caller)
    sound = b"".join(base64.b64decode(message["media"]["payload"]) for message in server.stream().of("media"))
    assert sound.count(LOUD) == 800
    assert sound.strip(b"\xff") == loud(100)
    assert [message["dtmf"]["digit"] for message in server.stream().of("dtmf")] == ["1"]
    assert bytes(log.spoken).strip(b"\xff") == loud(100)


def test_noise_lies_under_everything(server, connect):
    connect(frames(10), noise_dbfs=-50)
    sound = b"".join(base64.b64decode(message["media"]["payload"]) for message in server.stream().of("media"))
    assert len(set(sound)) > 4


def test_a_mark_comes_back_when_the_audio_before_it_was_heard(server, connect):
    def script(stream):
        stream.media(300)
        stream.media(100)
        stream.mark("1:first")
        stream.media(200)
        stream.mark("2:second")
        stream.until("mark")
        stream.until("mark")

    caller = Scripted()
    log = connect(script, caller)
    got = server.stream().got
    before = [len([m for m in got[: got.index(mark)] if m["event"] == "media"]) for mark in server.stream().of("mark")]
    assert before[0] >= 19
    assert before[1] - before[0] == pytest.approx(10, abs=1)
    assert [(said.name, said.kind, said.audio) for said in caller.heard] == [
        ("1:first", SaidKind.MARK, loud(400)),
        ("2:second", SaidKind.MARK, loud(200)),
    ]
    assert caller.heard[0].ends_ms == caller.heard[1].starts_ms
    assert [(entry.name, entry.fate) for entry in log.of(MarkReturned)] == [
        ("1:first", MarkFate.PLAYED),
        ("2:second", MarkFate.PLAYED),
    ]
    assert log.heard.count(LOUD) == 600 * 8


def test_clear_throws_audio_away_and_brings_its_marks_back_at_once(server, connect):
    def script(stream):
        stream.media(20)
        stream.mark("0:short")
        stream.media(60_000)
        stream.mark("1:long")
        stream.mark("2:behind")
        stream.until("mark")
        stream.clear()
        stream.until("mark")
        stream.until("mark")

    log = connect(script)
    assert [message["mark"]["name"] for message in server.stream().of("mark")] == ["0:short", "1:long", "2:behind"]
    assert [entry.fate for entry in log.of(MarkReturned)] == [MarkFate.PLAYED, MarkFate.CLEARED, MarkFate.CLEARED]
    assert 160 <= log.heard.count(LOUD) < 60_000


def test_the_turn_gap_runs_from_the_last_loud_sample_to_the_next_prompt(connect):
    def script(stream):
        stream.media(200)
        stream.mark("1:question")
        quiet = None
        while quiet != 25:
            frame = stream.until("media")
            if LOUD in base64.b64decode(frame["media"]["payload"]):
                quiet = 0
            elif quiet is not None:
                quiet += 1
        stream.media(100)
        stream.mark("2:next")
        stream.until("mark")

    log = connect(script, Scripted({"1:question": Speak(loud(200) + b"\xff" * 800)}), speed=4)
    assert log.turn_gaps_ms == [pytest.approx(540, abs=60)]
    assert log.said == ["1:question", "2:next"]


def test_hanging_up_stops_the_stream(server, connect):
    log = connect(lambda stream: stream.drain(), Scripted(at={300: HangUp()}), status_url="/status")
    assert server.stream().got[-1]["event"] == "stop"
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert server.paths == ["/voice", "/status"]


def test_the_stream_status_callback_is_told(server, connect):
    connect(frames(1), stream=f'statusCallback="{server.url}/stream-status" name="line"')
    forms = server.forms("/stream-status")
    assert [form["StreamEvent"] for form in forms] == ["stream-started", "stream-stopped"]
    assert {form["StreamName"] for form in forms} == {"line"}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"\xff" * 160, ErrorCode.STREAM_MALFORMED),
        ("{", ErrorCode.STREAM_MALFORMED),
        ({"event": "hangup"}, ErrorCode.STREAM_INVALID_MESSAGE),
        ({"event": "clear", "streamSid": "MZ0"}, ErrorCode.STREAM_INVALID_MESSAGE),
    ],
)
def test_a_bad_frame_ends_the_stream_and_the_call_goes_on(server, connect, bad, code):
    def script(stream):
        stream.send(bad)
        stream.drain()

    log = connect(script, stream=f'statusCallback="{server.url}/stream-status"')
    assert log.errors == [code]
    assert server.stream().closed == 1008
    assert log.verbs == ["Connect", "Redirect", "Hangup"]
    assert server.forms("/stream-status")[-1]["StreamEvent"] == "stream-error"


@pytest.mark.parametrize(
    "url", ["ws://phone.example.org/media", "wss://phone.example.org/media?token=1", "https://phone.example.org/media"]
)
def test_a_url_that_no_stream_may_have_is_refused(connect, url):
    log = connect(frames(1), url=url, public_url=PUBLIC)
    assert log.errors == [ErrorCode.STREAM_HANDSHAKE]
    assert log.verbs == ["Connect", "Redirect", "Hangup"]


def test_a_refused_handshake_leads_on(server, connect):
    log = connect(frames(1), url=f"{server.url.replace('http', 'ws')}/nowhere")
    assert log.errors == [ErrorCode.STREAM_HANDSHAKE]
    assert log.verbs == ["Connect", "Redirect", "Hangup"]


def test_fault_no_stream_at_all(server, connect):
    log = connect(frames(1), faults=Faults(refuse_stream=True))
    assert log.errors == [ErrorCode.STREAM_HANDSHAKE]
    assert server.streams == []


def test_fault_the_network_drops(server, connect):
    log = connect(lambda stream: stream.drain(), faults=Faults(drop_socket_after_frames=5))
    assert log.errors == [ErrorCode.STREAM_CLOSED_BY_SERVER]
    assert len(server.stream().of("media")) == 5
    assert not server.stream().of("stop")
    assert log.verbs == ["Connect", "Redirect", "Hangup"]


@pytest.mark.parametrize("kind", list(BadFrame))
def test_fault_a_bad_frame_among_good_ones(server, connect, kind):
    connect(frames(12), faults=Faults(bad_frame=kind, bad_frame_after_frames=3))
    stream = server.stream()
    odd = {
        BadFrame.GARBLED: [m for m in stream.got if m["event"] == "garbled"],
        BadFrame.BINARY: [m for m in stream.got if m["event"] == "binary"],
        BadFrame.WRONG_STREAM_SID: [m for m in stream.of("media") if m["streamSid"] != stream.sid],
        BadFrame.OVERSIZE: [m for m in stream.of("media") if len(m["media"]["payload"]) > 100_000],
        BadFrame.UNKNOWN_EVENT: [m for m in stream.got if m["event"] == "weather"],
    }
    assert len(odd[kind]) == 1
    assert sum(len(found) for found in odd.values()) == 1


def test_fault_marks_are_lost(server, connect):
    def script(stream):
        stream.mark("1:lost")
        frames(10)(stream)

    log = connect(script, faults=Faults(lose_marks=True))
    assert not server.stream().of("mark")
    assert [entry.fate for entry in log.of(MarkReturned)] == [MarkFate.LOST]


def test_fault_frames_are_lost(server, connect):
    connect(frames(6), faults=Faults(lose_every_nth_frame=3))
    chunks = [int(message["media"]["chunk"]) for message in server.stream().of("media")]
    assert chunks == [1, 2, 4, 5, 7, 8]


def test_fault_the_caller_is_gone_in_the_middle(server, connect):
    log = connect(lambda stream: stream.drain(), faults=Faults(hang_up_at_ms=400))
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert len(log.heard) == 400 * 8


def test_calls_run_side_by_side(server, make_carrier):
    ws = server.url.replace("http", "ws")
    server.answers["/voice"] = f'<Connect><Stream url="{ws}/media"/></Connect>'
    server.on_stream = frames(40)
    carrier = make_carrier(speed=1)
    began = time.monotonic()
    with ThreadPoolExecutor(12) as pool:
        logs = list(pool.map(carrier.place_call, [Scripted() for _ in range(12)]))
    assert time.monotonic() - began < 2.5
    assert len({log.call_sid for log in logs}) == 12
    assert all(log.frames_sent >= 40 and log.ended is EndReason.END_OF_DOCUMENT for log in logs)


def test_a_caller_that_fails_leaves_nothing_open(connect):
    class Broken(Scripted):
        def next_actions(self, now_ms, /):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        connect(lambda stream: stream.drain(), Broken())


def test_everything_is_told_as_it_happens(connect):
    told = []
    log = connect(frames(2), watch=told.append)
    assert told == log.entries
