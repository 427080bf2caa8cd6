"""Whatever happened on a call, run again it is the same call, with the same decision, alone and among many."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.calls.given import snapshot
from tests.dialog.walks import CONNECTED, EVENT_FOR, FOR_ANOTHER, NO, STARTED, UNSURE, YES, heard
from voicebot.calls.document import StoredCall, call_from_json
from voicebot.calls.entries import Entry
from voicebot.calls.replay import replay, under_other_rules
from voicebot.dialog.effects import Decided, Say, Target
from voicebot.dialog.events import PlaceRecorded, SecondThought
from voicebot.dialog.inputs import Input
from voicebot.dialog.machine import fold
from voicebot.dialog.meaning import Meaning
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.text_calls import TextCalls
from voicebot.triage.answers import Answer

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
TURN_MS = 3000
EARLIER = {"sit": Answer.YES, "diabetes": Answer.NO, "walk": Answer.UNKNOWN}

starts = st.builds(
    lambda shown, closed, before: replace(
        STARTED,
        number_shown=shown,
        closed=tuple(sorted(closed)),
        earlier_call="before" if before else "",
        earlier_answers=before,
    ),
    st.booleans(),
    st.sets(st.sampled_from(Target)),
    st.dictionaries(st.sampled_from(sorted(EARLIER)), st.sampled_from([Answer.YES, Answer.NO, Answer.UNKNOWN])),
)
answers = st.sampled_from([NO] * 6 + [YES] * 4 + [UNSURE])
happenings = st.sampled_from([event for kind, event in EVENT_FOR.items() if kind is not Input.STARTED])
calls = st.lists(st.one_of(answers, answers, answers, happenings, st.just(SecondThought(0, Meaning.YES))), max_size=45)


def record_of(ruleset, events):
    """Return the record that a call of these events leaves, each a while after the one before."""
    timed = [replace(event, at_ms=TURN_MS * nth) for nth, event in enumerate(events)]
    _, history = fold(ruleset, timed)
    messages = [message for event, effects in history for message in (event, *effects)]
    return [Entry(seq, message) for seq, message in enumerate(messages)]


def reopens(message):
    """Return whether a question that was answered may be open again: a decision before this stands no more."""
    return isinstance(message, SecondThought) or (isinstance(message, Say) and "back.done" in message.prompts)


def standing_decisions(entries):
    """Return the decisions since an answer may have been taken back."""
    reopened = max((entry.seq for entry in entries if reopens(entry.message)), default=-1)
    return [e.message.decision for e in entries if isinstance(e.message, Decided) and e.seq > reopened]


def assert_same_again(ruleset, entries):
    exported = json.loads(json.dumps(StoredCall("call", tuple(entries), snapshot(ruleset)).to_json()))
    entries = call_from_json(exported).entries
    assert replay(ruleset, entries) is None
    decided = standing_decisions(entries)
    if decided:
        again = under_other_rules(ruleset, ruleset, entries)
        assert json.loads(json.dumps(again.old.to_json())) == decided[-1]
        assert again.same_outcome
        assert not list(again.sentences())


def test_any_call(ruleset):
    @settings(max_examples=100, deadline=None)
    @given(started=starts, events=calls)
    @example(started=STARTED, events=[*FOR_ANOTHER, heard(Meaning.EMERGENCY), NO, YES, PlaceRecorded(0, 3000)])
    @example(started=replace(STARTED, earlier_call="before", earlier_answers=EARLIER), events=[YES, *[NO, YES] * 20])
    @example(started=STARTED, events=[YES, NO, YES, SecondThought(0, Meaning.YES), *[NO, YES] * 20])
    def same_again(started, events):
        assert_same_again(ruleset, record_of(ruleset, [started, CONNECTED, *events]))

    same_again()


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_the_call_of_a_scenario(file, ruleset, clinic):
    run = TextCalls(clinic).place(read_scenario(file, ruleset), seed=0)
    assert_same_again(ruleset, clinic.store.load(run.call_id))
