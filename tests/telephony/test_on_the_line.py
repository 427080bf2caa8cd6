"""What breaks on a telephone line, one thing at a time: the emulator calls a real server, and the call goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.simulate.carrier.carrier_fakes import Scripted
from tests.telephony.conftest import ACCOUNT, FRONT_DESK, TOKEN
from tests.telephony.crashing import CrashingServer
from voicebot.dialog.effects import Listen
from voicebot.dialog.events import Channel, Connected, Disconnected, Event, HungUp
from voicebot.simulate.carrier import Carrier, EndReason, Faults, Press
from voicebot.simulate.carrier.entries import Dialed, Requested
from voicebot.simulate.carrier.faults import BadFrame
from voicebot.storage.engine import open_engine
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore

SPEED = 5
YES_THEN_PERSON = {300: Press("1"), 4000: Press("0")}


class Line:
    """A server over `store`, and a carrier whose calls lead to it."""

    def __init__(self, make_parts, store, **settings):
        self.store, self.server = store, CrashingServer()
        where = {"status_url": "/voice/status", "fallback_url": "/voice/fallback"}
        self.carrier = Carrier(self.server.url, TOKEN, ACCOUNT, speed=SPEED, **where)
        settings = {"public_url": self.server.url, "twilio_api_url": self.carrier.api_url} | settings
        self.server.start(lambda seen: make_parts(store=seen, **settings), store)

    def call(self, at=None, **faults):
        """Place a call whose caller presses keys at these times (ms); return its log."""
        return self.carrier.place_call(Scripted(at=at or YES_THEN_PERSON), faults=Faults(**faults))

    def record(self):
        (call_id,) = self.store.call_ids()
        return [entry.message for entry in self.store.load(call_id)]

    def channels(self):
        return [message.channel for message in self.record() if isinstance(message, Connected)]

    def asked(self):
        return [message.asking for message in self.record() if isinstance(message, Listen)]

    def close(self):
        self.carrier.close()
        self.server.close()


@pytest.fixture
def line(make_parts):
    with closing(Line(make_parts, MemoryStore())) as line:
        yield line


@pytest.fixture
def turn_by_turn(make_parts):
    with closing(Line(make_parts, MemoryStore(), streaming=False)) as line:
        yield line


def reached_a_person(log):
    return [(entry.number, entry.bridged) for entry in log.of(Dialed)] == [(FRONT_DESK, True)]


def test_a_stream_that_is_refused_leaves_the_same_call_turn_by_turn(line):
    log = line.call(at={2000: Press("1"), 4000: Press("0")}, refuse_stream=True)
    assert line.channels() == [Channel.TURNS]
    assert line.asked()[0] == "about_leg"
    assert reached_a_person(log)


def test_a_stream_that_is_dropped_leaves_the_call_at_the_same_question(line):
    log = line.call(drop_socket_after_frames=60)
    assert line.channels() == [Channel.STREAM, Channel.TURNS]
    topic, screen, again = line.asked()
    assert (topic, screen) == ("about_leg", again)
    assert [message.reason for message in line.record() if isinstance(message, Disconnected)] == ["stream_broken"]
    assert reached_a_person(log)


@pytest.mark.parametrize("kind", set(BadFrame) - {BadFrame.UNKNOWN_EVENT})
def test_a_frame_that_cannot_be_taken_leaves_the_call_at_the_same_question(line, kind):
    log = line.call(bad_frame=kind, bad_frame_after_frames=60)
    assert line.channels() == [Channel.STREAM, Channel.TURNS]
    assert line.asked()[1] == line.asked()[2]
    assert reached_a_person(log)


def test_a_frame_of_a_kind_to_come_is_passed_over(line):
    log = line.call(bad_frame=BadFrame.UNKNOWN_EVENT)
    assert line.channels()[0] is Channel.STREAM
    assert not any(isinstance(message, Disconnected) for message in line.record())
    assert reached_a_person(log)


def test_marks_that_get_lost_only_delay(line):
    log = line.call(lose_marks=True)
    assert not any(isinstance(message, Disconnected) for message in line.record())
    assert reached_a_person(log)


def test_frames_that_get_lost_change_nothing(line):
    log = line.call(lose_every_nth_frame=3)
    assert not any(isinstance(message, Disconnected) for message in line.record())
    assert reached_a_person(log)


@pytest.mark.parametrize("twice", [False, True])
def test_webhooks_that_come_twice_change_nothing(turn_by_turn, twice):
    log = turn_by_turn.call(at={500: Press("1"), 1500: Press("2"), 2500: Press("0")}, repeat_webhooks=twice)
    events = [message for message in turn_by_turn.record() if isinstance(message, Event)]
    assert [event.type for event in events] == [
        "call_started",
        "connected",
        "key_pressed",
        "key_pressed",
        "key_pressed",
        "staff_replied",
        "transfer_ended",
        "hung_up",
    ]
    assert reached_a_person(log)


def test_an_old_status_that_comes_last_changes_nothing(line):
    line.call(at={1000: Press("1")}, hang_up_at_ms=3000, late_status="in-progress")
    (call_id,) = line.store.call_ids()
    assert line.store.call(call_id).ended_at is not None
    assert isinstance(line.record()[-1], HungUp)


def test_a_disk_that_fills_up_during_a_stream_leads_to_a_person(line):
    full = Scripted(at={300: Press("1")})

    def press_and_fill(now_ms):
        line.server.process.refuses = 99 * (now_ms > 1000)
        return Scripted.next_actions(full, now_ms) or ([Press("2")] if now_ms == 1500 else [])

    full.next_actions = press_and_fill
    log = line.carrier.place_call(full)
    assert reached_a_person(log)
    assert log.verbs == ["Connect", "Dial", "Say", "Hangup"]


class Locked:
    """A database on disk that somebody else locks."""

    def __init__(self, folder):
        engine = open_engine(f"sqlite:///{folder / 'calls.db'}")
        upgrade(engine)
        self.store = SqlStore(engine)
        self._other = sqlite3.connect(folder / "calls.db", isolation_level=None, check_same_thread=False)

    def lock(self):
        self._other.execute("BEGIN IMMEDIATE")

    def close(self):
        self._other.close()
        self.store.close()


@pytest.fixture
def locked(tmp_path):
    with closing(Locked(tmp_path)) as locked:
        yield locked


def test_with_a_locked_database_a_new_caller_reaches_a_person(make_parts, locked):
    with closing(Line(make_parts, locked.store)) as line:
        locked.lock()
        log = line.call()
        assert reached_a_person(log)
        assert log.ended is EndReason.HANGUP_VERB
        assert line.store.call_ids() == []


@pytest.mark.parametrize("streaming", [True, False])
def test_with_a_database_that_gets_locked_a_call_reaches_a_person(make_parts, locked, streaming):
    with closing(Line(make_parts, locked.store, streaming=streaming)) as line:
        caller = Scripted(at={300: Press("1"), 3000: Press("2")})

        def lock_once_asked(said):
            if "screen." in said.name and not locked_by:
                locked_by.append(said.name)
                locked.lock()

        locked_by, caller.on_said = [], lock_once_asked
        log = line.carrier.place_call(caller)
        assert reached_a_person(log)
        assert log.of(Requested)[-1].path == "/voice/status"
