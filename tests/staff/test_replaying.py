"""What new rules do to a call, and what stands against approving them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.staff.replaying import Change, RunAgain, obstacles, run_again
from voicebot.triage.answers import Answer
from voicebot.triage.compare import Comparison, compare
from voicebot.triage.levels import Urgency

LEVELS = st.integers(0, 5)


@pytest.fixture(scope="module")
def decision(ruleset):
    return compare(ruleset, ruleset, {"saddle": Answer.YES}).old


def changed(decision, **how):
    return run_again("one", Comparison(decision, replace(decision, **how), ())).change


def test_the_same_rules_change_nothing(decision):
    assert run_again("one", Comparison(decision, decision, ())) == RunAgain("one", Change.SAME, 4, 4, 4, 4, ())


def test_how_a_call_moves(decision):
    assert changed(decision, urgency=Urgency.SAME_DAY) is Change.DOWN
    assert changed(decision, urgency=Urgency.CALL_911, urgency_if_no_person=Urgency.CALL_911) is Change.UP
    assert changed(decision, urgency_if_no_person=Urgency.SAME_DAY) is Change.DOWN
    assert changed(decision, urgency_if_no_person=Urgency.CALL_911) is Change.UP
    assert changed(decision, urgency=Urgency.CALL_911, urgency_if_no_person=Urgency.SAME_DAY) is Change.DOWN
    assert changed(decision, destinations=()) is Change.ASIDE


def result(new, new_if_nobody=None, old_if_nobody=5):
    return RunAgain("one", Change.SAME, 5, new, old_if_nobody, new if new_if_nobody is None else new_if_nobody)


def why(floors, results):
    return [obstacle.why for obstacle in obstacles(floors, results)]


def test_what_stands_against_new_rules():
    assert why({"one": 5}, {"one": result(5)}) == []
    assert why({"one": 5}, {"one": result(4)}) == ["A reviewed emergency would get urgency 4, and needs 5."]
    assert why({"one": 4}, {"one": result(5, new_if_nobody=3)}) == [
        "With no person there, a reviewed emergency would get urgency 3, and needs 4."
    ]
    assert why({"one": 5}, {}) == ["A reviewed emergency that this replay did not run. Run it again."]
    assert why({"one": 5}, {"one": RunAgain("one", Change.UNREADABLE)}) == [
        "A reviewed emergency that cannot be run again."
    ]
    assert why({}, {"one": result(0)}) == []


@given(st.dictionaries(st.sampled_from("abcdef"), LEVELS), st.dictionaries(st.sampled_from("abcdef"), LEVELS))
def test_rules_pass_only_when_every_reviewed_emergency_is_kept(floors, new_levels):
    results = {call: RunAgain(call, Change.SAME, 5, level, 5, level) for call, level in new_levels.items()}
    kept = all(call in new_levels and new_levels[call] >= floor for call, floor in floors.items())
    assert (list(obstacles(floors, results)) == []) is kept
