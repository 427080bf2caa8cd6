"""The carrier is told that staff took a call; whether it is reached or not, the caller gets to a person."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from tests.telephony.conftest import ACCOUNT, BASE, FRONT_DESK, SID, TOKEN, dialed, said
from voicebot.config import load_settings
from voicebot.taking_over import take_over
from voicebot.telephony.recall import Recall


@pytest.fixture
def api():
    """A carrier's REST interface: keeps what is posted, answers `status`."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.server.taken.append((self.path, self.headers["Authorization"], parse_qs(body)))
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.taken, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def recall_at(url, **settings):
    chosen = {"twilio_api_url": url, "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "public_url": BASE}
    return Recall(load_settings(**(chosen | settings)))


def test_the_carrier_is_told_where_to_ask(api):
    assert recall_at(f"http://127.0.0.1:{api.server_port}")(SID)
    ((path, authorization, form),) = api.taken
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json"
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"
    assert form == {"Url": [f"{BASE}/voice/resume"], "Method": ["POST"]}


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_carrier_that_refuses_is_no_error_of_ours(api, status):
    api.status = status
    assert not recall_at(f"http://127.0.0.1:{api.server_port}")(SID)


def test_a_carrier_that_is_not_there_is_no_error_of_ours():
    assert not recall_at("http://127.0.0.1:9")(SID)


@pytest.mark.parametrize("missing", ["twilio_account_sid", "twilio_auth_token", "public_url"])
def test_without_the_settings_nobody_is_asked(api, missing):
    assert not recall_at(f"http://127.0.0.1:{api.server_port}", **{missing: None})(SID)
    assert api.taken == []


def staff_take(carrier):
    parts = carrier.parts
    take_over(parts.ruleset, parts.store, carrier.call().call_id, datetime.now(UTC))


def test_turn_by_turn_the_caller_is_put_through_as_soon_as_the_carrier_asks(carrier):
    carrier.press(carrier.post("/voice/incoming"), "1")
    staff_take(carrier)
    document = carrier.post("/voice/resume")
    assert said(document)[0] == "to_person.staff"
    assert dialed(document) == FRONT_DESK


def test_turn_by_turn_without_the_carriers_help_it_is_at_the_next_answer(carrier):
    document = carrier.press(carrier.post("/voice/incoming"), "1")
    staff_take(carrier)
    document = carrier.follow(document, Digits="2")
    assert said(document)[0] == "to_person.staff"
    assert dialed(document) == FRONT_DESK
