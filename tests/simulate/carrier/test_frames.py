"""Sources: twilio.com/docs/voice/media-streams/websocket-messages, twilio.com/docs/api/errors/31950 and 31951."""

import base64
import json

import pytest

from voicebot.simulate.carrier import ErrorCode
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.frames import Clear, Mark, Media, Sender, StreamIds, read

SID = "MZ1"


def sent():
    sender = Sender(StreamIds("AC1", "CA1", SID), 155)
    return [
        json.loads(text)
        for text in (
            sender.connected(),
            sender.start({"token": "t"}),
            sender.media(b"\xff" * 160, 0),
            sender.media(b"\xfe" * 160, 18.2),
            sender.dtmf("1"),
            sender.mark("label"),
            sender.stop(),
        )
    ]


def test_messages_have_the_shape_of_live_ones():
    connected, start, first, second, dtmf, mark, stop = sent()
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": SID,
        "start": {
            "accountSid": "AC1",
            "streamSid": SID,
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": "t"},
        },
    }
    assert first["media"] == {
        "track": "inbound",
        "chunk": "1",
        "timestamp": "155",
        "payload": base64.b64encode(b"\xff" * 160).decode(),
    }
    assert (second["media"]["chunk"], second["media"]["timestamp"]) == ("2", "173")
    assert dtmf["dtmf"] == {"track": "inbound_track", "digit": "1"}
    assert mark["mark"] == {"name": "label"}
    assert stop["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
    assert [message["sequenceNumber"] for message in sent()[1:]] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"event": "media", "media": {"payload": "AQI="}}, Media(b"\1\2")),
        ({"event": "mark", "mark": {"name": "1:greeting"}}, Mark("1:greeting")),
        ({"event": "clear"}, Clear()),
    ],
)
def test_reads_the_three_messages_a_server_may_send(message, expected):
    assert read(json.dumps({**message, "streamSid": SID}), SID) == expected


def test_a_binary_frame_is_malformed():
    with pytest.raises(CarrierError) as refused:
        read(b"\1\2", SID)
    assert refused.value.code is ErrorCode.STREAM_MALFORMED


@pytest.mark.parametrize("frame", ["{", "[]", '"media"', ""])
def test_a_frame_that_is_no_json_object_is_invalid(frame):
    with pytest.raises(CarrierError) as refused:
        read(frame, SID)
    assert refused.value.code is ErrorCode.STREAM_INVALID_MESSAGE


@pytest.mark.parametrize(
    "message",
    [
        {"event": "stop", "streamSid": SID},
        {"streamSid": SID},
        {"event": "clear"},
        {"event": "clear", "streamSid": "MZ2"},
        {"event": "clear", "streamSid": SID, "more": 1},
        {"event": "mark", "streamSid": SID},
        {"event": "mark", "streamSid": SID, "mark": {}},
        {"event": "mark", "streamSid": SID, "mark": {"name": 7}},
        {"event": "mark", "streamSid": SID, "mark": "name"},
        {"event": "media", "streamSid": SID, "media": {"playload": "AQI="}},
        {"event": "media", "streamSid": SID, "media": {"payload": "AQI=", "track": "outbound"}},
        {"event": "media", "streamSid": SID, "media": {"payload": "not base64!"}},
    ],
)
def test_any_other_message_is_invalid(message):
    with pytest.raises(CarrierError) as refused:
        read(json.dumps(message), SID)
    assert refused.value.code is ErrorCode.STREAM_INVALID_MESSAGE
