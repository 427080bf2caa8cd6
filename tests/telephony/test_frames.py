import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.telephony import frames
from voicebot.telephony.frames import (
    CloseCode,
    Connected,
    Dtmf,
    FrameError,
    Mark,
    Media,
    Start,
    Stop,
    Unknown,
    decode,
)

SID = "MZ0123456789abcdef"


def frame(event: str, stream_sid: str | None = SID, **content: object) -> str:
    return json.dumps({"event": event, "sequenceNumber": "2", "streamSid": stream_sid, **content})


def start(**changes: object) -> str:
    content = {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "t0ken"},
    }
    return frame("start", start=content | changes)


def media(payload: object) -> str:
    return frame("media", media={"track": "inbound", "chunk": "1", "timestamp": "155", "payload": payload})


def refused(text: str | bytes, stream_sid: str | None = SID) -> tuple[str, CloseCode]:
    with pytest.raises(FrameError) as error:
        decode(text, stream_sid)
    return error.value.code, error.value.close_code


def test_connected_comes_before_the_stream_has_a_name():
    assert decode('{"event":"connected","protocol":"Call","version":"1.0.0"}', None) == Connected()


def test_start_tells_the_call_and_the_parameters():
    assert decode(start(), None) == Start(SID, "CA1", {"token": "t0ken"})


@pytest.mark.parametrize("size", [0, 1, 160, 400, 4000])
def test_media_of_any_size(size: int):
    assert decode(media(b64encode(b"\xff" * size).decode()), SID) == Media(b"\xff" * size, 155)


@pytest.mark.parametrize("stamp", [None, 155, "", "-20", "soon", "1.5", ["155"], "9" * 5000])
def test_a_timestamp_that_is_none_ends_no_stream(stamp: object):
    message = frame("media", media={"timestamp": stamp, "payload": "/w=="})
    assert decode(message, SID) == Media(b"\xff", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (frame("dtmf", dtmf={"track": "inbound_track", "digit": "#"}), Dtmf("#")),
        (frame("mark", mark={"name": "p17"}), Mark("p17")),
        (frame("stop", stop={"accountSid": "AC1", "callSid": "CA1"}), Stop()),
        (frame("applause", applause=3), Unknown()),
        (json.dumps({"event": "applause"}), Unknown()),
    ],
    ids=["dtmf", "mark", "stop", "unknown", "unknown without a stream"],
)
def test_other_messages(text: str, message: frames.Message):
    assert decode(text, SID) == message


def test_a_binary_frame_is_refused():
    assert refused(b"\xff" * 160) == ("frame_binary", CloseCode.UNSUPPORTED)


def test_a_frame_of_100_kilobytes_is_refused():
    assert refused(media("A" * 100_000)) == ("frame_too_big", CloseCode.TOO_BIG)


@pytest.mark.parametrize("text", [media("AAAA"), frame("stop"), frame("mark", mark={"name": "x"})])
@pytest.mark.parametrize("stream_sid", ["MZother", None], ids=["of another stream", "before the start"])
def test_a_frame_of_another_stream_is_refused(text: str, stream_sid: str | None):
    assert refused(text, stream_sid) == ("frame_of_other_stream", CloseCode.POLICY)


def test_a_second_start_of_another_stream_is_refused():
    assert refused(start(), "MZother") == ("frame_of_other_stream", CloseCode.POLICY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"media"',
        "[" * 60_000,
        "1" * 5_000,
        '{"event": 7}',
        '{"no": "event"}',
        frame("start"),
        start(callSid=None),
        start(customParameters={"token": 7}),
        start(customParameters=[]),
        frame("media"),
        frame("media", media={}),
        media(None),
        media("not base64!"),
        media("AAA"),
        media("é"),
        frame("dtmf", dtmf={"digit": "12"}),
        frame("dtmf", dtmf={"digit": ""}),
        frame("dtmf", dtmf={"digit": 1}),
        frame("mark", mark={"name": None}),
    ],
)
def test_garbled_frames_are_refused(text: str):
    assert refused(text) == ("frame_garbled", CloseCode.GARBLED)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
events = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "other"])
almost_frames = st.builds(
    lambda event, sid, body: json.dumps({"event": event, "streamSid": sid, event: body}),
    events | st.text(max_size=5),
    st.just(SID) | json_values,
    json_values
    | st.fixed_dictionaries({}, optional=dict.fromkeys(("payload", "digit", "name", "callSid"), json_values)),
)


@given(st.text() | st.binary() | json_values.map(json.dumps) | almost_frames, st.none() | st.just(SID))
def test_any_frame_is_a_message_or_an_error_with_a_close_code(text: str | bytes, stream_sid: str | None):
    try:
        outcome: object = decode(text, stream_sid)
    except FrameError as error:
        outcome = error.close_code
    assert isinstance(outcome, frames.Message | CloseCode)


@given(st.binary(max_size=4000))
def test_sound_survives_the_way_out_and_back(audio: bytes):
    assert decode(frames.media(SID, audio), SID) == Media(audio)


def test_frames_sent_have_exactly_the_documented_fields():
    assert json.loads(frames.media(SID, b"\xff")) == {"event": "media", "streamSid": SID, "media": {"payload": "/w=="}}
    assert json.loads(frames.mark(SID, "p1")) == {"event": "mark", "streamSid": SID, "mark": {"name": "p1"}}
    assert json.loads(frames.clear(SID)) == {"event": "clear", "streamSid": SID}
