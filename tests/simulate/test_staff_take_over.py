"""Staff take a call over the wire: a real server and stream, the emulated carrier told over REST to ask again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voicebot.config import load_settings
from voicebot.dialog.effects import Listen
from voicebot.dialog.events import Disconnected
from voicebot.simulate.server import ACCOUNT_SID, own_server
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import WireCalls
from voicebot.taking_over import take_over
from voicebot.telephony.recall import Recall

TESTS = Path(__file__).parent.parent
PATIENCE_S = 60


def call_that_is_asked(store):
    """Return the one call that goes on, once its first question was put."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for call_id in store.open_calls():
            if any(isinstance(entry.message, Listen) for entry in store.load(call_id)):
                return store.call(call_id)
        time.sleep(0.05)
    pytest.fail("no call came in")


@pytest.mark.e2e
@pytest.mark.timeout(600)  # its server may be the first to render the prompts
def test_a_caller_who_is_silent_on_a_live_stream_is_put_through_at_once(ruleset, grammars, make_scenario, server_dir):
    silent = make_scenario(
        name="silent",
        on={"topic": [{"silence": True}] * 3},
        expect={"outcome": "front_desk", "said": ["to_person.staff"], "not_said": ["to_person.not_understood"]},
    )
    with own_server(server_dir, speed=2) as (server, carrier), ThreadPoolExecutor(1) as pool:
        calls = WireCalls(server, carrier, ruleset, grammars, Voices(TESTS / "audio"))
        running = pool.submit(calls.place, silent, 1)
        call = call_that_is_asked(server.store)
        take_over(ruleset, server.store, call.call_id, datetime.now(UTC))
        settings = load_settings(
            twilio_api_url=carrier.api_url,
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=server.auth_token,
            public_url=server.public_url,
        )
        assert Recall(settings)(call.call_sid)
        assert running.result(timeout=PATIENCE_S).failures == ()
        messages = [entry.message for entry in server.store.load(call.call_id)]
    assert not any(isinstance(message, Disconnected) for message in messages), "the record went on without the stream"
