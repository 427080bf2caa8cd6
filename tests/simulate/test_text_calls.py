"""Every scenario of the collection ends as it says, on the real session, rules and grammars."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.text_calls import TextCalls

FILES = sorted((Path(__file__).parent.parent / "scenarios").rglob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_scenario(file, clinic, ruleset):
    run = TextCalls(clinic).place(read_scenario(file, ruleset), seed=0)
    assert run.failures == ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_scenario_expects_an_end(file, ruleset):
    expect = read_scenario(file, ruleset).expect
    assert expect.outcome is not None or expect.urgency is not None


def test_a_wrong_expectation_fails(clinic, make_scenario):
    expect = {
        "outcome": "nurse",
        "urgency": 3,
        "destinations": ["er"],
        "rules": ["stroke-sudden"],
        "answers": {"sit": "no", "lean": "no"},
        "asked": ["lean"],
        "not_asked": ["sit"],
        "said": ["medicine_note"],
        "not_said": ["greeting"],
        "max_questions": 3,
    }
    run = TextCalls(clinic).place(make_scenario(answers={"sit": "yes"}, expect=expect), seed=0)
    assert [failure.check for failure in run.failures] == list(expect)
    assert run.failures[4].got == {"sit": "yes", "lean": "not_asked"}


def test_the_record_is_kept(clinic, make_scenario):
    run = TextCalls(clinic).place(make_scenario(), seed=0)
    assert clinic.store.call_ids() == [run.call_id]
