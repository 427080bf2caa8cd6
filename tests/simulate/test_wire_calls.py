"""Calls over the wire against a server of its own: the same scenarios end the same way as in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.server import own_server
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import WireCalls, answered_after_ms

TESTS = Path(__file__).parent.parent


@pytest.mark.e2e
def test_calls_end_as_their_scenarios_say(ruleset, grammars, make_scenario, tmp_path):
    scenarios = [
        read_scenario(TESTS / "scenarios" / "not-about-a-leg.toml", ruleset),
        make_scenario(
            name="line drop", answers={"topic": "no"}, line={"drop_after_s": 12}, expect={"said": ["resumed"]}
        ),
        make_scenario(
            name="nobody there",
            on={"topic": [{"key": "0"}]},
            line={"front_desk": "busy"},
            expect={"said": ["to_person.asked", "transfer.busy", "call_noted.morning"], "outcome": "call_back"},
        ),
        make_scenario(
            name="only a machine",
            on={"topic": [{"key": "0"}]},
            line={"front_desk": "voicemail", "number_shown": False},
            expect={"said": ["transfer.voicemail", "transfer.nobody"], "outcome": "failed"},
        ),
    ]
    with own_server(tmp_path, speed=5) as (server, carrier), ThreadPoolExecutor(len(scenarios)) as pool:
        calls = WireCalls(server, carrier, ruleset, grammars, Voices(TESTS / "audio"))
        runs = list(pool.map(calls.place, scenarios, range(len(scenarios))))
        assert {run.scenario: run.failures for run in runs} == {scenario.name: () for scenario in scenarios}
        assert set(server.store.call_ids()) == {run.call_id for run in runs}


@pytest.mark.parametrize(
    ("said_at_ms", "gap_ms"), [([100, 2040, 9000], 840), ([1700, 3500], None), ([], None)], ids=["next", "late", "none"]
)
def test_the_gap_runs_from_the_last_word_to_the_next_prompt(said_at_ms, gap_ms):
    heard = Heard(2000, Meaning.NO, 1.0, "no", started_ms=900, ended_ms=1200)
    assert answered_after_ms(heard, said_at_ms) == gap_ms


@pytest.mark.e2e
def test_a_server_that_cannot_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEBOT_MODEL", str(tmp_path / "no-model"))
    with pytest.raises(VoicebotError, match="no-model") as told, own_server(tmp_path):
        pytest.fail("it started")
    assert told.value.code == "server_failed"
