from __future__ import annotations

from dataclasses import replace

import pytest

from tests.calls.given import held, place_call
from voicebot import assets
from voicebot.calls.entries import Entry
from voicebot.calls.replay import replay, under_other_rules
from voicebot.dialog.effects import Decided, HangUp, Say
from voicebot.dialog.events import HungUp
from voicebot.storage.memory_store import MemoryStore
from voicebot.triage.ruleset import parse_ruleset


@pytest.fixture(scope="module")
def saddle(ruleset):
    return held(ruleset, "q.saddle").entries


@pytest.fixture(scope="module")
def softer():
    """The bundled rules with saddle numbness made a matter of the same day."""
    text = assets.RULESET.read_text()
    rule = text.index("- id: cauda-saddle")
    level = text.index("level: 4", rule)
    return parse_ruleset(text[:level] + "level: 3" + text[level + 8 :], "softer.yaml")


@pytest.mark.parametrize("yes", [[], ["q.saddle"], ["q.sit"], ["q.diabetes"], ["screen.face_and_speech"]])
def test_a_call_run_again_agrees_to_the_byte(ruleset, yes):
    assert replay(ruleset, held(ruleset, *yes).entries) is None


@pytest.mark.parametrize("turns", [0, 1, 5, 9])
def test_a_call_cut_short_agrees_as_well(ruleset, turns):
    assert replay(ruleset, held(ruleset, "q.saddle", hang_up_after=turns).entries) is None


def test_without_its_words_a_call_still_agrees(ruleset):
    store = MemoryStore()
    call_id = place_call(store, ruleset, "q.saddle")
    before = store.load(call_id)
    store.delete_words(call_id)
    assert store.load(call_id) != before
    assert replay(ruleset, store.load(call_id)) is None


def test_a_changed_decision_is_told_with_its_rules(saddle, softer):
    difference = replay(softer, saddle)
    assert difference.stored_decision["urgency"] == 4
    assert difference.replayed_decision is None  # the softer rules ask on, and the record holds no answer to that
    told = difference.sentences()
    assert told[0].startswith(f"Entry {difference.seq} was a ")
    assert told[1].endswith("and is now none.")
    assert told[2] == "The rule cauda-saddle fires no longer."


def test_an_altered_trace_is_found(ruleset, saddle):
    seq = next(entry.seq for entry in saddle if isinstance(entry.message, Decided))
    decided = saddle[seq].message
    entries = list(saddle)
    entries[seq] = Entry(seq, replace(decided, trace=[{**decided.trace[0], "fired": True}, *decided.trace[1:]]))
    assert replay(ruleset, entries).seq == seq


@pytest.mark.parametrize(
    ("alter", "stored", "replayed"),
    [
        pytest.param(lambda entries: entries[:-2], None, HangUp(), id="an effect is missing at the end"),
        pytest.param(
            lambda entries: [*entries, Entry(99, Say(("goodbye",)))], Say(("goodbye",)), None, id="one too many"
        ),
    ],
)
def test_a_record_that_ends_elsewhere_is_found(ruleset, saddle, alter, stored, replayed):
    entries = alter(list(saddle))
    assert isinstance(saddle[-1].message, HungUp)
    difference = replay(ruleset, entries)
    assert (difference.stored, difference.replayed) == (stored, replayed)
    assert difference.to_json()["seq"] == difference.seq


def test_other_rules_are_asked_over_the_answers_the_caller_gave(ruleset, saddle, softer):
    comparison = under_other_rules(ruleset, softer, saddle)
    assert (comparison.old.urgency, comparison.new.urgency) == (4, 3)
    assert not comparison.same_outcome
    assert list(under_other_rules(ruleset, ruleset, saddle).sentences()) == []
