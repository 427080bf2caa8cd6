"""The media stream: frames in, the line's orders out, and every way a stream can end."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from datetime import timedelta
from threading import Event

import pytest

from tests.telephony.conftest import Carrier, key_of_nobody_in_danger, said, tags
from tests.telephony.wire import CONNECTED, STOP, STREAM, frame, key, sound, start
from voicebot.dialog.events import Channel, Disconnected, HungUp, KeyPressed, Played
from voicebot.dialog.turn import REPEAT_MS
from voicebot.errors import VoicebotError
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony import media as media_module
from voicebot.telephony import watchdog
from voicebot.telephony.crew import Crew
from voicebot.telephony.frames import CloseCode
from voicebot.telephony.media import serve_stream
from voicebot.telephony.stream_socket import SocketClosed

MARKS = object()
"""Every mark sent so far comes back."""
LOST = object()
"""The connection breaks."""
QUIET = object()
"""Nothing comes for too long."""
READABLE, _WRITTEN = os.pipe()
os.write(_WRITTEN, b"There is always something to read here.")


class Socket:
    """The server's end of a socket; its peer sends what a script says. A function in the script is called."""

    def __init__(self, *script):
        self._script = list(script)
        self.connected = True
        self.sent = []
        self.close_code = None
        self._marks = []

    def fileno(self):
        return READABLE

    def take(self):
        received = self.receive(0.01)
        return [] if received is None else [received]

    def receive(self, timeout):
        while self._script and callable(self._script[0]):
            self._script.pop(0)()
        while self._script and self._script[0] is MARKS and not self._marks:
            self._script.pop(0)
        if not self._script or self._script[0] is LOST:
            self.connected = False
            raise SocketClosed(1006)
        if self._script[0] is MARKS:
            return frame("mark", name=self._marks.pop(0))
        if self._script[0] is QUIET:
            Event().wait(timeout)
            return None
        return self._script.pop(0)

    def send(self, text):
        message = json.loads(text)
        assert message["streamSid"] == STREAM
        self.sent.append(message)
        if message["event"] == "mark":
            self._marks.append(message["mark"]["name"])

    def close(self, reason):
        if not self.connected:
            raise SocketClosed(1006)
        self.connected, self.close_code = False, reason

    def events(self):
        return [message["event"] for message in self.sent]


def stream(carrier, *script):
    """Answer a call and run its stream through a script after the start."""
    carrier.post("/voice/incoming")
    socket = Socket(CONNECTED, start(carrier.call().stream_token), *script)
    serve_stream(socket, carrier.parts, Crew())
    return socket


# --- talking --------------------------------------------------------------------------------------------------------


def test_the_caller_is_greeted_in_chunks_with_a_mark_behind(streaming):
    socket = stream(streaming, sound(), LOST)
    sounds = [b64decode(message["media"]["payload"]) for message in socket.sent if message["event"] == "media"]
    assert b"".join(sounds) == b"".join(map(streaming.parts.voice.mulaw, ("greeting", "greeting.spanish", "about_leg")))
    assert max(map(len, sounds)) <= 3200
    assert socket.events() == ["media", "mark", "media", "mark"]
    assert streaming.events()[1].channel is Channel.STREAM


def test_a_key_cuts_the_prompt_and_is_answered(streaming):
    socket = stream(streaming, sound(), key("1"), sound(), LOST)
    assert "clear" in socket.events()
    assert any(isinstance(event, KeyPressed) for event in streaming.events())


def test_frames_that_are_lost_do_not_slow_the_clock_of_the_call(streaming):
    every_other = [sound(at_ms=155 + 40 * n) for n in range(100)]
    stream(streaming, sound(at_ms=115), MARKS, *every_other, LOST)
    *_, lost = streaming.events()
    opened = streaming.events()[1]
    assert isinstance(lost, Disconnected)
    assert lost.at_ms - opened.at_ms == 60 + 99 * 40


def test_the_clock_of_the_call_counts_from_its_beginning(streaming, monkeypatch):
    streaming.post("/voice/incoming")
    opened = streaming.call().started_at + timedelta(milliseconds=2500)
    monkeypatch.setattr(media_module, "utc_now", lambda: opened)
    serve_stream(Socket(start(streaming.call().stream_token), sound(100), key("1"), LOST), streaming.parts, Crew())
    assert [event.at_ms for event in streaming.events()[1:3]] == [2500, 2600]


def test_events_of_unknown_name_are_ignored(streaming):
    socket = stream(streaming, frame("applause"), CONNECTED, key("1"), LOST)
    assert any(isinstance(event, KeyPressed) for event in streaming.events())
    assert socket.close_code is None


def test_once_the_last_words_were_heard_the_socket_is_closed_and_the_call_goes_on(streaming):
    socket = stream(streaming, sound(), key("0"), MARKS)
    assert socket.close_code == CloseCode.NORMAL
    assert isinstance(streaming.events()[-1], Played)
    document = streaming.post("/voice/resume")
    assert tags(document) == ["Dial"], "the last words are not said twice"


def test_last_words_that_were_cut_are_said_again(streaming):
    stream(streaming, sound(), key("0"), LOST)
    document = streaming.post("/voice/resume")
    assert tags(document) == ["Gather", "Dial"]
    assert said(document) == ["to_person.asked"]


def test_before_consent_no_sound_is_kept(streaming):
    stream(streaming, sound(200), key("1"), sound(200), LOST)
    assert streaming.parts.store.audio(streaming.call().call_id) == []
    assert list(streaming.parts.settings.audio_dir.iterdir()) == []


def test_with_consent_both_sides_are_kept(streaming):
    streaming.post("/voice/incoming")
    socket = Socket(start(streaming.call().stream_token), key("1"), *until_consent(streaming.parts), sound(300), LOST)
    serve_stream(socket, streaming.parts, Crew())
    caller, line = streaming.parts.store.audio(streaming.call().call_id)
    assert (caller.ms, line.ms) == (300, 300)
    assert caller.starts_at_ms == streaming.events()[-1].at_ms - 300


def until_consent(parts):
    """Return the keys, a second apart, that lead from the rules' first question through consent, found turn by turn."""
    trial = Carrier(parts, sid="CA9")
    trial.post("/voice/incoming")
    document, digits = trial.press(trial.post("/voice/resume"), "1"), []
    while "consent" not in said(document):
        digits.append(key_of_nobody_in_danger(document))
        document = trial.press(document, digits[-1])
    return [frame for digit in (*digits, "1") for frame in (sound(REPEAT_MS), key(digit))]


# --- ending ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "reason", "close_code"),
    [
        (b"\xff" * 160, "frame_binary", CloseCode.UNSUPPORTED),
        ("{", "frame_garbled", CloseCode.GARBLED),
        (sound().replace(STREAM, "MZ2"), "frame_of_other_stream", CloseCode.POLICY),
        (sound(10_000), "frame_too_big", CloseCode.TOO_BIG),
        (STOP, "stream_stopped", CloseCode.NORMAL),
        (LOST, "stream_broken", None),
    ],
)
def test_however_a_stream_ends_the_call_goes_on_turn_by_turn(streaming, last, reason, close_code):
    socket = stream(streaming, sound(), last)
    assert socket.close_code == close_code
    assert streaming.events()[-1] == Disconnected(streaming.events()[-1].at_ms, reason)
    document = streaming.post("/voice/resume")
    assert tags(document) == ["Gather", "Redirect"]
    assert "about_leg" in said(document)


class Chatty(Socket):
    """Sends everything but sound, without end, once its script is through."""

    def receive(self, timeout):
        if self._script:
            return super().receive(timeout)
        Event().wait(0.01)
        return frame("applause")


@pytest.mark.parametrize("kind", [Socket, Chatty])
def test_a_stream_without_sound_is_given_up_and_the_call_goes_on(streaming, monkeypatch, kind):
    monkeypatch.setattr(watchdog, "WINDOW_S", 0.3)
    streaming.post("/voice/incoming")
    socket = kind(CONNECTED, start(streaming.call().stream_token), sound(), *[QUIET] * (kind is Socket))
    serve_stream(socket, streaming.parts, Crew())
    assert socket.close_code == CloseCode.NORMAL
    assert streaming.events()[-1].reason == "stream_silent"
    assert tags(streaming.post("/voice/resume")) == ["Gather", "Redirect"]


def test_a_stream_that_a_stopping_server_closes_leads_to_a_person(streaming):
    socket = stream(streaming, sound(), streaming.parts.duty.leave, sound())
    assert socket.close_code == CloseCode.NORMAL
    assert streaming.events()[-1].reason == "server_stopping"
    assert tags(streaming.post("/voice/resume"))[-3:] == ["Dial", "Say", "Hangup"]
    assert streaming.events()[-1].code == "server_stopping"


def test_the_caller_hanging_up_is_told_by_the_status_alone(streaming):
    stream(streaming, sound(), STOP)
    assert streaming.call().ended_at is None
    streaming.send("/voice/status", CallStatus="completed")
    assert isinstance(streaming.events()[-1], HungUp)
    assert streaming.call().ended_at is not None


def test_a_stream_that_outlives_its_call_adds_nothing(streaming):
    socket = stream(streaming, sound(), lambda: streaming.send("/voice/status", CallStatus="completed"), key("1"))
    assert socket.close_code == CloseCode.OUR_FAULT
    assert isinstance(streaming.events()[-1], HungUp)


class Trap:
    """Ears that do not open."""

    def listen(self, *_):
        raise ZeroDivisionError


def test_a_bug_of_ours_closes_the_socket_and_the_call_goes_on(make_parts):
    carrier = Carrier(make_parts(ears=Trap()))
    socket = stream(carrier, sound(), MARKS, sound())
    assert socket.close_code == CloseCode.OUR_FAULT
    assert carrier.events()[-1].reason == "internal_error"
    assert tags(carrier.post("/voice/resume")) == ["Gather", "Redirect"]


def test_a_full_disk_closes_the_socket_and_the_caller_reaches_a_person(make_parts):
    class Full(MemoryStore):
        full = False

        def append(self, call_id, entries):
            if self.full:
                raise VoicebotError("store_failed", "The disk is full.")
            super().append(call_id, entries)

    store = Full()
    carrier = Carrier(make_parts(store=store))
    carrier.post("/voice/incoming")
    store.full = True
    socket = Socket(start(carrier.call().stream_token))
    serve_stream(socket, carrier.parts, Crew())
    assert socket.close_code == CloseCode.OUR_FAULT
    assert tags(carrier.post("/voice/resume")) == ["Dial", "Say", "Hangup"]


# --- the token ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_a_wrong_token_opens_nothing(streaming, token):
    streaming.post("/voice/incoming")
    socket = Socket(CONNECTED, start(token), sound())
    serve_stream(socket, streaming.parts, Crew())
    assert socket.close_code == CloseCode.POLICY
    assert socket.sent == []
    assert len(streaming.record()) == 1


def test_a_token_of_another_call_opens_nothing(streaming):
    streaming.post("/voice/incoming")
    streaming.post("/voice/incoming", sid="CA2")
    socket = Socket(start(streaming.call("CA2").stream_token), sound())
    serve_stream(socket, streaming.parts, Crew())
    assert socket.close_code == CloseCode.POLICY


def test_a_token_opens_one_stream_only(streaming):
    stream(streaming, sound(), LOST)
    again = Socket(start(streaming.call().stream_token), sound())
    serve_stream(again, streaming.parts, Crew())
    assert again.close_code == CloseCode.POLICY


def test_a_stale_token_opens_nothing(streaming, monkeypatch):
    streaming.post("/voice/incoming")
    later = streaming.call().started_at + timedelta(minutes=2)
    monkeypatch.setattr(media_module, "utc_now", lambda: later)
    socket = Socket(start(streaming.call().stream_token), sound())
    serve_stream(socket, streaming.parts, Crew())
    assert socket.close_code == CloseCode.POLICY


@pytest.mark.parametrize(
    ("first", "close_code"),
    [(sound(), CloseCode.POLICY), (QUIET, CloseCode.POLICY), ("[]", CloseCode.GARBLED), (LOST, None)],
    ids=["media", "nothing", "garbled", "lost"],
)
def test_a_stream_that_does_not_start_is_closed(streaming, first, close_code):
    socket = Socket(CONNECTED, first)
    serve_stream(socket, streaming.parts, Crew())
    assert socket.close_code == close_code
