"""One stream as its carrier sees it: frames in time, marks back, and gaps measured from the end of speech."""

import json

import pytest

from benchmarks.load_parts.stream import Stream
from voicebot.simulate.carrier.caller import HangUp, Press, Speak
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.frames import StreamIds
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.telephony import frames

SID = "MZ1"
LOUD, SILENT = b"\x00", b"\xff"
FRAME = 160


class Caller:
    """Does what a script says, by the position in ms."""

    def __init__(self, script=None):
        self.script = script or {}
        self.said = []

    def on_said(self, said):
        self.said.append(said)

    def next_actions(self, now_ms):
        return [self.script.pop(now_ms)] if now_ms in self.script else []


@pytest.fixture
def begun():
    """Return a function that begins a stream at 100 s with a scripted caller."""

    def begin(script=None):
        caller = Caller(script)
        return Stream(caller, StreamIds("AC1", "CA1", SID), Mouth(), 100.0), caller

    return begin


def live(stream, count, late_s=0.0):
    """Let frames go by; return the messages sent."""
    return [json.loads(message) for _ in range(count) for message in stream.frame(stream.due_s + late_s)]


def test_a_stream_opens_with_who_it_is(begun):
    stream, _ = begun()
    connected, start = map(json.loads, stream.opening({"token": "t"}))
    assert connected["event"] == "connected"
    assert start["start"]["customParameters"] == {"token": "t"}
    assert json.loads(stream.ending())["event"] == "stop"


def test_frames_are_due_every_20_ms_and_late_ones_are_told(begun):
    stream, _ = begun()
    assert stream.due_s == pytest.approx(100.02)
    live(stream, 2)
    live(stream, 1, late_s=0.05)
    assert stream.due_s == pytest.approx(100.08)
    assert stream.measured.late_ms == pytest.approx([0, 0, 50])


def test_a_mark_comes_back_when_its_sound_was_heard(begun):
    stream, caller = begun()
    stream.heed(frames.media(SID, SILENT * FRAME * 2), 100.0)
    stream.heed(frames.mark(SID, "1:greeting"), 100.0)
    assert [said.name for said in caller.said] == ["1:greeting"]
    assert caller.said[0].ends_ms - caller.said[0].starts_ms == 40
    events = [message["event"] for message in live(stream, 3)]
    assert events == ["media", "mark", "media", "media"]


def test_a_clear_gives_marks_back_at_once(begun):
    stream, _ = begun()
    stream.heed(frames.media(SID, SILENT * 8000), 100.0)
    stream.heed(frames.mark(SID, "long"), 100.0)
    assert [json.loads(message)["mark"]["name"] for message in stream.heed(frames.clear(SID), 100.0)] == ["long"]


def test_the_gap_counts_from_the_last_loud_moment_as_spoken(begun):
    word = LOUD * FRAME * 2 + SILENT * FRAME * 5
    stream, _ = begun({20: Speak(word)})
    live(stream, 10)
    assert not stream.measured.gaps
    stream.heed(frames.media(SID, SILENT * FRAME), 100.4)
    stream.heed(frames.media(SID, SILENT * FRAME), 100.5)
    (gap,) = stream.measured.gaps
    assert gap.ms == pytest.approx(1000 * (100.4 - (100.0 + 0.02 + 0.04)), abs=1)
    assert gap.position_ms == 200
    assert (stream.measured.spoken, stream.measured.prompts) == (1, 1)


def test_a_prompt_that_answers_nothing_is_no_gap(begun):
    stream, _ = begun()
    stream.heed(frames.media(SID, SILENT), 100.4)
    assert not stream.measured.gaps


def test_keys_and_hanging_up_are_sent_and_told(begun):
    stream, _ = begun({0: Press("1"), 20: HangUp()})
    assert [message["event"] for message in live(stream, 2)] == ["dtmf", "media", "media"]
    assert stream.hung_up


def test_a_message_of_another_stream_is_refused(begun):
    stream, _ = begun()
    with pytest.raises(CarrierError):
        stream.heed(frames.clear("MZ2"), 100.0)
