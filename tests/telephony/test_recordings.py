"""Fetching and deleting recordings, from a carrier on loopback."""

from __future__ import annotations

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.telephony.conftest import ACCOUNT, TOKEN, WRONG_TOKEN
from voicebot.errors import VoicebotError
from voicebot.simulate.carrier.recordings import RecordingServer
from voicebot.telephony import recordings
from voicebot.telephony.recordings import MAX_BYTES, Recordings

SOUND = bytes(range(128, 256)) * 100


@pytest.fixture
def shelf():
    with closing(RecordingServer(ACCOUNT, TOKEN)) as server:
        yield server


@pytest.fixture
def slow_shelf():
    with closing(RecordingServer(ACCOUNT, TOKEN, not_ready=2)) as server:
        yield server


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(recordings, "RETRY_EVERY_S", 0.01)


@pytest.fixture
def recordings_of(make_parts):
    def make(url, *, budget_s=2.0, **settings):
        settings = make_parts(twilio_api_url=url, **settings).settings
        settings.audio_dir.mkdir(parents=True, exist_ok=True)
        return Recordings(settings, budget_s)

    return make


def code_of(fetching, url):
    with pytest.raises(VoicebotError) as error:
        fetching.fetch(url)
    assert "127.0.0.1" not in str(error.value)
    return error.value.code


def test_a_recording_is_fetched_as_telephone_sound_and_deleted(recordings_of, shelf, make_parts):
    url = shelf.keep("RE1", SOUND)
    ours = recordings_of(shelf.url)
    assert ours.fetch(url) == SOUND
    ours.delete(url)
    assert shelf.deleted == ["RE1"]
    assert list(make_parts().settings.audio_dir.iterdir()) == [], "no copy is left behind"


def test_one_that_is_not_ready_is_asked_for_again(recordings_of, slow_shelf):
    assert recordings_of(slow_shelf.url).fetch(slow_shelf.keep("RE1", SOUND)) == SOUND


def test_one_that_never_comes_is_given_up_in_time(recordings_of, shelf):
    url = shelf.keep("RE1", SOUND) + "0"
    assert code_of(recordings_of(shelf.url, budget_s=0.05), url) == "recording_unavailable"


def test_nothing_is_fetched_or_deleted_elsewhere(recordings_of, shelf):
    ours = recordings_of("http://127.0.0.1:9")
    for url in (
        shelf.keep("RE1", SOUND),
        f"http://127.0.0.1:9/2010-04-01/Accounts/{ACCOUNT}/Recordings/../../AC2/Recordings/RE1",
        f"http://127.0.0.1:9/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1?x=1",
        "http://127.0.0.1:9/2010-04-01/Accounts/AC2/Recordings/RE1",
        f"http://127.0.0.1:9@evil.example.org/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1",
    ):
        assert code_of(ours, url) == "recording_foreign"
        ours.delete(url)
    assert shelf.fetched == shelf.deleted == []


def test_a_wrong_token_is_no_reason_to_wait(recordings_of, shelf):
    ours = recordings_of(shelf.url, budget_s=600, twilio_auth_token=WRONG_TOKEN)
    assert code_of(ours, shelf.keep("RE1", SOUND)) == "recording_unavailable"


def test_deleting_what_is_gone_or_out_of_reach_does_not_fail(recordings_of, shelf):
    recordings_of(shelf.url).delete(shelf.keep("RE1", SOUND) + "0")
    wrong = recordings_of(shelf.url, twilio_auth_token=WRONG_TOKEN)
    wrong.delete(shelf.keep("RE2", SOUND))
    assert shelf.kept == ["RE1", "RE2"]


class Answering:
    """A carrier that answers everything with one status, headers and body, and counts the requests."""

    def __init__(self, status, body=b"", headers=()):
        answering = self
        self.requests = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answering.requests += 1
                self.send_response(status)
                for name, value in (*headers, ("Content-Length", str(len(body)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_DELETE(self):
                self.do_GET()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.recording = f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.mark.parametrize(
    ("status", "body", "headers", "code"),
    [
        (200, b"no sound at all", (), "audio_unreadable"),
        (200, b"", (), "audio_unreadable"),
        (200, b"\0" * (MAX_BYTES + 1), (), "recording_unavailable"),
        (302, b"", [("Location", "http://127.0.0.1:9/elsewhere")], "recording_unavailable"),
    ],
    ids=["no sound", "empty", "too long", "sent elsewhere"],
)
def test_what_is_no_recording_is_refused_without_trying_again(recordings_of, status, body, headers, code):
    with closing(Answering(status, body, headers)) as carrier:
        assert code_of(recordings_of(carrier.url, budget_s=600), carrier.recording) == code
        assert carrier.requests == 1


def test_deleting_is_tried_twice(recordings_of):
    with closing(Answering(500)) as carrier:
        recordings_of(carrier.url).delete(carrier.recording)
        assert carrier.requests == 2
