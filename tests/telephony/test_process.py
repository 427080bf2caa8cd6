"""A real server process that is killed, or told to stop, in the middle of a call."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, suppress
from itertools import takewhile
from pathlib import Path

import pytest
import requests

from tests.telephony.conftest import ACCOUNT, TOKEN
from tests.telephony.front_door import FrontDoor
from voicebot.dialog.effects import Say
from voicebot.dialog.events import Channel, Connected, Disconnected, Event, Fault, KeyPressed
from voicebot.simulate.carrier import Carrier, EndReason, Press
from voicebot.simulate.carrier.entries import StreamOpened
from voicebot.simulate.carrier.overrides import Limits
from voicebot.storage.engine import open_engine
from voicebot.storage.sql_store import SqlStore

PATIENT = Limits(read_s=90, total_s=90)
"""The server is away for as long as it takes to start on a busy machine."""
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.e2e


class Caller:
    """Says by key that it is about a leg, and then presses zero once it hears what it waits for."""

    def __init__(self, waits_for):
        self._waits_for = waits_for
        self._presses = [(1000, Press("1"))]
        self.answered = threading.Event()

    def on_said(self, said):
        if "intro_questions" in said.name:
            self.answered.set()
        if self._waits_for in said.name:
            self._presses.append((said.starts_ms + 200, Press("0")))

    def next_actions(self, now_ms):
        due = [press for at_ms, press in self._presses if at_ms <= now_ms]
        self._presses = [(at_ms, press) for at_ms, press in self._presses if at_ms > now_ms]
        return due


class Calls:
    """A server that is started and stopped, a carrier that reaches it through a front door, and calls in threads."""

    def __init__(self, folder):
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.store = SqlStore(open_engine(f"sqlite:///{folder / 'voicebot.db'}"))
        self.door = FrontDoor(self._port)
        where = {"public_url": self.url, "status_url": "/voice/status"}
        self.carrier = Carrier(self.url, TOKEN, ACCOUNT, **where)
        self.patient_carrier = Carrier(self.door.url, TOKEN, ACCOUNT, limits=PATIENT, **where)
        self.server = None

    def start(self):
        """Start a server; it may take a moment until it listens."""
        command = [sys.executable, "-m", "tests.telephony.small_server", self._folder, str(self._port), self.url, "2"]
        self.server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    def await_ready(self):
        """Wait until a server listens."""
        assert requests.get(f"{self.door.url}/readyz", timeout=PATIENT.total_s).ok

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def place(self, caller, *, carrier=None):
        """Begin a call; return a function that waits for its log."""
        logs, carrier = [], carrier or self.carrier
        thread = threading.Thread(target=lambda: logs.append(carrier.place_call(caller)))
        thread.start()

        def finish():
            thread.join(PATIENT.total_s)
            return logs[0]

        return finish

    def record(self, sid):
        return [entry.message for entry in self.store.load(self.store.find_by_sid(sid).call_id)]

    def close(self):
        self.kill()
        self.carrier.close()
        self.patient_carrier.close()
        self.door.close()
        self.store.close()


@pytest.fixture
def calls(tmp_path):
    with closing(Calls(tmp_path)) as calls:
        calls.start()
        calls.await_ready()
        yield calls


def said_after(record, event):
    """Return the prompts said because of an event of a record."""
    following = takewhile(lambda message: not isinstance(message, Event), record[record.index(event) + 1 :])
    return [prompt for message in following if isinstance(message, Say) for prompt in message.prompts]


def test_a_call_whose_server_was_killed_goes_on_at_the_open_question_in_the_next_process(calls):
    caller = Caller(waits_for="resumed")
    finish = calls.place(caller, carrier=calls.patient_carrier)
    assert caller.answered.wait(PATIENT.total_s)
    calls.kill()
    calls.start()
    log = finish()
    record = calls.record(log.call_sid)
    joined = [message for message in record if isinstance(message, Connected)]
    assert [event.channel for event in joined] == [Channel.STREAM, Channel.TURNS]
    assert not any(isinstance(message, Disconnected | Fault) for message in record), "a killed process writes nothing"
    answered = next(message for message in record if isinstance(message, KeyPressed))
    resumed = said_after(record, joined[1])
    assert resumed[0] == "resumed"
    assert resumed[1] == said_after(record, answered)[-1], "the question that was open is asked again"
    assert "Dial" in log.verbs
    assert log.ended is EndReason.HANGUP_VERB


def test_a_server_that_is_told_to_stop_hands_over_its_calls_and_takes_no_more(calls):
    caller, late = Caller(waits_for="-"), Caller(waits_for="-")
    finish = calls.place(caller)
    assert caller.answered.wait(PATIENT.total_s)
    calls.server.terminate()
    while (ready := requests.get(f"{calls.url}/readyz", timeout=30)).ok:
        threading.Event().wait(0.05)
    assert ready.json()["status"] in {"draining", "leaving"}
    refused = calls.place(late)()
    log = finish()
    assert calls.server.wait(PATIENT.total_s) == 0
    assert refused.verbs[:2] == ["Play", "Dial"]
    assert not refused.of(StreamOpened)
    assert log.verbs[-2:] == ["Say", "Hangup"]
    assert "Dial" in log.verbs
    record = calls.record(log.call_sid)
    assert [message.code for message in record if isinstance(message, Fault)] == ["server_stopping"]
    assert [message.reason for message in record if isinstance(message, Disconnected)] == ["server_stopping"]


def test_a_server_without_calls_stops_at_once(calls):
    log = calls.place(Caller(waits_for="about_leg"))()
    assert log.ended is EndReason.HANGUP_VERB
    calls.server.terminate()
    assert calls.server.wait(PATIENT.total_s) == 0
