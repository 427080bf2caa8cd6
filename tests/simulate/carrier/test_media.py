"""The media stream: messages, timing, marks, clear, keys, and what a server may not send.

Sources: twilio.com/docs/voice/media-streams/websocket-messages; errors 31950, 31951 (warnings, once a stream) and
31931; for the timing streams that live calls left. That a stream goes on after a warning follows from its being a
warning, and was not seen on a live account.
"""

import base64
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, Socket, frames, loud
from voicebot.simulate.carrier import (
    BadFrame,
    EndReason,
    ErrorCode,
    Faults,
    MarkFate,
    Network,
    Press,
    SaidKind,
    Speak,
)
from voicebot.simulate.carrier.entries import MarkReturned, StreamClosed, StreamOpened


@pytest.fixture
def timing():
    return {"speed": 20}


def test_a_stream_starts_as_a_live_one(server, connect):
    log = connect(frames(3))
    got = server.stream().got
    assert [message["event"] for message in got] == ["connected", "start", "media", "media", "media"]
    assert got[1]["start"]["callSid"] == log.call_sid
    assert [message["media"]["chunk"] for message in got[2:]] == ["1", "2", "3"]
    assert [message["sequenceNumber"] for message in got[1:]] == ["1", "2", "3", "4"]


def test_the_first_timestamp_is_not_zero_and_timestamps_waver(server, connect):
    connect(frames(40))
    stamps = [int(message["media"]["timestamp"]) for message in server.stream().of("media")]
    assert stamps[0] >= 98
    assert all(abs(later - earlier - 20) <= 4 for earlier, later in pairwise(stamps))
    assert len({later - earlier for earlier, later in pairwise(stamps)}) > 1


def test_frames_come_no_faster_than_they_are_spoken(connect):
    log = connect(frames(50), speed=4)
    (opened,), (closed,) = log.of(StreamOpened), log.of(StreamClosed)
    assert closed.at_ms - opened.at_ms >= 50 * 20 - 20
    assert log.frames_sent >= 50


def test_frames_that_are_held_back_come_late_and_all_at_once(server, connect):
    counts = []

    def script(stream):
        stream.media(20)
        stream.mark("0:start")
        stream.until("mark")
        for _ in range(3):
            stream.media(100)
            stream.mark("beat")
            before = len(stream.of("media"))
            stream.until("mark")
            counts.append(len(stream.of("media")) - before)

    connect(script, network=Network(jitter_ms=0, stall_every_s=0.5, stall_ms=300))
    chunks = [int(message["media"]["chunk"]) for message in server.stream().of("media")]
    assert chunks == list(range(1, len(chunks) + 1)), "none is lost"
    assert max(counts) > 5


def test_when_the_phone_sends_nothing_timestamps_jump_and_chunks_do_not(server, connect):
    connect(frames(40), network=Network(outage_every_s=0.4, outage_ms=100))
    got = server.stream().of("media")
    assert [int(message["media"]["chunk"]) for message in got[:40]] == list(range(1, 41))
    steps = [int(b["media"]["timestamp"]) - int(a["media"]["timestamp"]) for a, b in pairwise(got)]
    assert sum(abs(step - 120) <= 4 for step in steps) == 2
    assert sum(abs(step - 20) <= 4 for step in steps) == len(steps) - 2


def test_frames_that_are_lost_leave_gaps_in_the_chunks(server, connect):
    log = connect(frames(6), faults=Faults(lose_every_nth_frame=3))
    chunks = [int(message["media"]["chunk"]) for message in server.stream().of("media")]
    assert chunks == [1, 2, 4, 5, 7, 8]
    assert log.errors == [ErrorCode.STREAM_OVERFLOW]


def test_what_the_caller_says_and_presses_arrives(server, connect):
    caller = Scripted(at={200: Speak(loud(100)), 400: Press("1")})
    log = connect(frames(60), caller)
    sound = b"".join(base64.b64decode(message["media"]["payload"]) for message in server.stream().of("media"))
    assert sound.count(LOUD) == 800
    assert sound.strip(b"\xff") == loud(100)
    assert [message["dtmf"] for message in server.stream().of("dtmf")] == [{"track": "inbound_track", "digit": "1"}]
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


def test_a_mark_behind_nothing_comes_back_at_once(server, connect):
    def script(stream):
        stream.mark("1:nothing")
        stream.until("mark")

    assert [entry.fate for entry in connect(script).of(MarkReturned)] == [MarkFate.PLAYED]


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


def test_marks_that_are_lost_on_purpose_never_come_back(server, connect):
    def script(stream):
        stream.mark("1:lost")
        frames(10)(stream)

    log = connect(script, faults=Faults(lose_marks=True))
    assert not server.stream().of("mark")
    assert [entry.fate for entry in log.of(MarkReturned)] == [MarkFate.LOST]


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
    (gap_ms,) = log.turn_gaps_ms
    assert gap_ms >= 500
    assert log.said == ["1:question", "2:next"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"\xff" * 160, ErrorCode.STREAM_MALFORMED),
        ("{", ErrorCode.STREAM_INVALID_MESSAGE),
        ({"event": "hangup"}, ErrorCode.STREAM_INVALID_MESSAGE),
        ({"event": "clear", "streamSid": "MZ0"}, ErrorCode.STREAM_INVALID_MESSAGE),
    ],
)
def test_a_message_a_server_may_not_send_is_passed_over_with_one_warning_a_stream(server, connect, bad, code):
    def script(stream):
        stream.send(bad)
        stream.send(bad)
        stream.mark("1:still here")
        stream.until("mark")

    log = connect(script)
    assert log.errors == [code]
    assert log.frames_refused == 2
    assert server.stream().of("mark")


def test_audio_beyond_ten_minutes_is_thrown_away_with_a_warning(connect):
    def script(stream):
        for _ in range(11):
            stream.media(60_000)
        stream.clear()
        stream.mark("1:cleared")
        stream.until("mark")

    assert connect(script, speed=1).errors == [ErrorCode.STREAM_DISCARDED]


def test_audio_with_a_file_header_is_doubtful(connect):
    def script(stream):
        wav = base64.b64encode(b"RIFF" + bytes(156)).decode()
        stream.send({"event": "media", "streamSid": stream.sid, "media": {"payload": wav}})
        stream.mark("1:noise")
        stream.until("mark")

    assert len(connect(script).doubts) == 1


@pytest.mark.parametrize("kind", list(BadFrame))
def test_a_bad_frame_can_be_put_among_good_ones(server, connect, kind):
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


def test_a_caller_who_is_gone_in_the_middle_has_heard_so_much(connect):
    log = connect(Socket.drain, faults=Faults(hang_up_at_ms=400))
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert len(log.heard) == len(log.spoken) >= 400 * 8


def test_calls_run_side_by_side(server, make_carrier):
    server.answers["/voice"] = '<Connect><Stream url="/media"/></Connect>'
    server.on_stream = frames(40)
    carrier = make_carrier(speed=1)
    with ThreadPoolExecutor(12) as pool:
        logs = list(pool.map(carrier.place_call, [Scripted() for _ in range(12)]))
    assert len({log.call_sid for log in logs}) == 12
    assert all(log.frames_sent >= 40 and log.ended is EndReason.END_OF_DOCUMENT for log in logs)


def test_a_caller_that_fails_leaves_nothing_open(connect):
    class Broken(Scripted):
        def next_actions(self, now_ms, /):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        connect(Socket.drain, Broken())


def test_everything_is_told_as_it_happens(connect):
    told = []
    log = connect(frames(2), watch=told.append)
    assert told == log.entries
