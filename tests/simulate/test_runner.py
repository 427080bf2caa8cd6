"""Many callers: each places every scenario, and the order of the runs is always the same."""

from __future__ import annotations

import time

from voicebot.simulate.runner import run_all
from voicebot.simulate.text_calls import TextCalls


def test_callers_times_scenarios_in_order(clinic, make_scenario):
    scenarios = [make_scenario(name="first"), make_scenario(name="second")]
    runs = list(run_all(TextCalls(clinic), scenarios, callers=3, seed=7))
    assert [(run.scenario, run.seed) for run in runs] == [
        (name, seed) for seed in (7, 8, 9) for name in ("first", "second")
    ]
    assert len({run.call_id for run in runs}) == len(runs)


def test_callers_call_side_by_side():
    class Slow:
        def place(self, scenario, seed):
            time.sleep(0.2)
            return scenario, seed

    began = time.monotonic()
    list(run_all(Slow(), ["only"], callers=5, seed=0))
    assert time.monotonic() - began < 0.8
