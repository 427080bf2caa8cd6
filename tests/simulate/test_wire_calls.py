"""Calls over the wire against a server of its own: the same scenarios end the same way as in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicebot.dialog.effects import Target
from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.server import own_server
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import CallsByHours, WireCalls, answered_after_ms

TESTS = Path(__file__).parent.parent


@pytest.mark.e2e
@pytest.mark.timeout(600)  # its servers may be the first to render the prompts
def test_calls_end_as_their_scenarios_say(ruleset, grammars, make_scenario, tmp_path, rendered_prompts):
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
        make_scenario(
            name="at night",
            answers={"topic": "no"},
            line={"closed": list(Target), "number_shown": False},
            expect={"said": ["other_topic.closed", "call_again"], "outcome": "call_again"},
        ),
    ]
    voices, data_dirs = Voices(TESTS / "audio"), (tmp_path / "day", tmp_path / "night")
    for data_dir in data_dirs:
        data_dir.mkdir()
        (data_dir / "prompts").symlink_to(rendered_prompts)
    with (
        own_server(data_dirs[0], speed=5) as by_day,
        own_server(data_dirs[1], speed=5, closed=Target) as by_night,
        ThreadPoolExecutor(len(scenarios)) as pool,
    ):
        servers = {frozenset(): by_day, frozenset(Target): by_night}
        calls = CallsByHours(
            {closed: WireCalls(*server, ruleset, grammars, voices) for closed, server in servers.items()}
        )
        runs = list(pool.map(calls.place, scenarios, range(len(scenarios))))
        assert {run.scenario: run.failures for run in runs} == {scenario.name: () for scenario in scenarios}
        stored = {call_id for server, _ in servers.values() for call_id in server.store.call_ids()}
        assert stored == {run.call_id for run in runs}


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
