"""Many callers: each places every scenario, and the order of the runs is always the same."""

from __future__ import annotations

import threading

from voicebot.simulate.runner import run_all
from voicebot.simulate.text_calls import TextCalls


def test_callers_times_scenarios_in_order(clinic, make_scenario):
    scenarios = [make_scenario(name="first"), make_scenario(name="second")]
    runs = list(run_all(TextCalls(clinic), scenarios, callers=3, seed=7))
    assert [(run.scenario, run.seed) for run in runs] == [
        (name, seed) for seed in (7, 8, 9) for name in ("first", "second")
    ]
    assert len({run.call_id for run in runs}) == len(runs)


class Together:
    """Places a call only when so many others are placed at the same time."""

    def __init__(self, calls):
        self._all_there = threading.Barrier(calls, timeout=30)

    def place(self, scenario, seed):
        self._all_there.wait()
        return scenario, seed


def test_callers_call_side_by_side():
    assert len(list(run_all(Together(5), ["only"], callers=5, seed=0))) == 5


def test_one_caller_can_place_many_calls_at_once():
    scenarios = list("abcdef")
    runs = list(run_all(Together(3), scenarios, callers=1, seed=4, at_once=3))
    assert runs == [(scenario, 4) for scenario in scenarios]
