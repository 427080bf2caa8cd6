"""Many calls that begin, small: every one is placed, hung up and ended, and the figures tell of all of them."""

from __future__ import annotations

import pytest

from benchmarks.webhooks import Brief, measure
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Connected
from voicebot.simulate.carrier.caller import HangUp
from voicebot.simulate.server import own_server

CALLS = 4


def test_a_caller_hangs_up_when_it_is_time():
    caller = Brief(0.5)
    assert caller.next_actions(480) == []
    assert caller.next_actions(500) == [HangUp()]


@pytest.mark.e2e
@pytest.mark.timeout(600)  # its server may be the first to render the prompts
def test_every_call_is_begun_and_ended(server_dir):
    with own_server(server_dir) as (server, _):
        told = measure(server, rate=CALLS, seconds=1, length_s=0.5)
        calls = [server.store.call(call_id) for call_id in server.store.call_ids()]
        records = [server.store.load(call.call_id) for call in calls]
    assert f"{CALLS} calls, 0 refused, 0 broken: []" in told
    assert "webhooks failed: []" in told
    assert [line.rpartition(" of ")[2] for line in told if line.startswith("/voice/")] == [str(CALLS)] * 2
    assert [call.outcome for call in calls] == [Outcome.HUNG_UP] * CALLS
    assert all(any(isinstance(entry.message, Connected) for entry in record) for record in records)
