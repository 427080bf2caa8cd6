"""A stored call as a scenario: it places the same call again, and holds nothing personal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from voicebot import assets
from voicebot.calls.as_scenario import NOT_UNDERSTOOD, as_scenario
from voicebot.calls.entries import Entry
from voicebot.calls.record import read_record
from voicebot.dialog.events import Heard, PlaceRecorded
from voicebot.dialog.meaning import Meaning
from voicebot.simulate.in_process import Clinic
from voicebot.simulate.scenario import find_scenarios, read_scenario
from voicebot.simulate.text_calls import TextCalls
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore
from voicebot.triage.ruleset import parse_ruleset

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RULES = parse_ruleset(assets.RULESET.read_text(), assets.RULESET.name)
CANARY = "my name is jane doe and i live on elm street"


@pytest.fixture(scope="module")
def clinic():
    return Clinic(RULES, assets.RULESET.read_text(), Grammars.load(assets.GRAMMARS), MemoryStore())


@pytest.fixture
def place(clinic, tmp_path):
    """Place a scenario by its text or name; return the run and the record of the call."""

    def placed(text):
        path = tmp_path / "made.toml"
        path.write_text(text)
        run = TextCalls(clinic).place(read_scenario(path, RULES), 1)
        return run, clinic.store.load(run.call_id)

    return placed


def made(clinic, entries, really_said=None, right_level=None):
    grammars = clinic.grammars
    understand, words = (lambda said: grammars.understand("yes_no", said)), grammars.words("yes_no")
    return as_scenario(RULES, entries, really_said or {}, understand, words, right_level)


@pytest.mark.parametrize("scenario", find_scenarios([SCENARIOS], RULES), ids=lambda scenario: scenario.name)
def test_a_call_made_into_a_scenario_ends_as_it_did(clinic, place, scenario):
    entries = clinic.store.load(TextCalls(clinic).place(scenario, 1).call_id)
    run, again = place(made(clinic, entries))
    before, after = read_record(entries), read_record(again)
    assert run.failures == ()
    assert (after.urgency, after.outcome, after.rules) == (before.urgency, before.outcome, before.rules)


def course(entries):
    """Return what happened and what was done, without when it was and in which words."""
    return [
        replace(
            one.message,
            **{
                name: None
                for name in ("at_ms", "words", "started_ms", "ended_ms", "started_at")
                if hasattr(one.message, name)
            },
        )
        for one in entries
    ]


@pytest.mark.parametrize(
    "name", ["refuses-911-says-where", "calls-again-goes-on", "calls-again-begins-anew", "for-another-far-away"]
)
def test_where_the_caller_was_and_what_an_earlier_call_left_are_there_again(clinic, place, name):
    entries = a_call(clinic, name)
    run, again = place(made(clinic, entries))
    assert run.failures == ()
    assert course(again) == course(entries)


def test_a_place_that_nobody_told_is_not_told_again(clinic, place):
    (scenario,) = find_scenarios([SCENARIOS / "refuses-911-says-where.toml"], RULES)
    silent = scenario.model_copy(update={"on": {name: acts for name, acts in scenario.on.items() if name != "place"}})
    entries = clinic.store.load(TextCalls(clinic).place(silent, 1).call_id)
    assert [one.message.ms for one in entries if isinstance(one.message, PlaceRecorded)] == [0]
    _, again = place(made(clinic, entries))
    assert course(again) == course(entries)


def a_call(clinic, name="sciatica"):
    (scenario,) = find_scenarios([SCENARIOS / f"{name}.toml"], RULES)
    return clinic.store.load(TextCalls(clinic).place(scenario, 1).call_id)


def test_words_that_are_not_the_lines_own_never_get_in(clinic):
    entries = [
        Entry(one.seq, replace(one.message, words=CANARY)) if isinstance(one.message, Heard) else one
        for one in a_call(clinic)
    ]
    text = made(clinic, entries, {one.seq: CANARY for one in entries[:20] if isinstance(one.message, Heard)})
    assert not {"jane", "doe", "elm"} & set(text.split())
    assert NOT_UNDERSTOOD in text


def test_a_call_that_was_misheard_shows_the_fault_or_passes(clinic, place):
    entries = a_call(clinic)
    fell_down = next(
        at for at, one in enumerate(entries) if isinstance(one.message, Heard) and one.message.meaning is Meaning.NO
    )
    text = made(clinic, entries, {fell_down: "yes"}, right_level=5)
    assert "urgency = 5" in text
    assert "outcome" not in text
    run, _ = place(text)
    assert run.passed is (run.facts.urgency == 5)


def test_what_the_readers_hold_right_is_expected(clinic, place):
    run, _ = place(made(clinic, a_call(clinic), right_level=4))
    assert [failure.check for failure in run.failures] == ["urgency"]
