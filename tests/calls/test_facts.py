from __future__ import annotations

import pytest

from tests.calls.given import held
from voicebot.calls.entries import Entry
from voicebot.calls.facts import RINGING, read_facts
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import Decided, Say, Target, Transfer
from voicebot.dialog.events import Fault, Heard, KeyPressed, NoInput, SecondThought, TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning


def facts_of(*messages):
    return read_facts([Entry(seq, message) for seq, message in enumerate(messages)])


def test_a_call_is_told_in_a_line(ruleset):
    facts = read_facts(held(ruleset, "q.saddle").entries)
    assert (facts.urgency, facts.outcome, facts.rules) == (4, Outcome.EMERGENCY_ROOM, ("cauda-saddle",))
    assert facts.lowest_confidence == 0.99
    assert facts.longest_gap_ms == 600
    assert facts.faults == ()
    assert facts.reprompts == 0
    assert facts.answers > 5


def test_an_empty_record_has_nothing_to_tell():
    facts = facts_of()
    assert (facts.duration_ms, facts.answers, facts.reprompts, facts.faults, facts.rules) == (0, 0, 0, (), ())
    assert facts.outcome is facts.urgency is facts.lowest_confidence is facts.longest_gap_ms is facts.transfer is None


def test_what_was_said_and_pressed_counts_as_an_answer_and_the_least_sure_is_kept():
    facts = facts_of(
        Heard(1000, Meaning.YES, 0.9),
        KeyPressed(2000, "2"),
        Heard(3000, None, 0.2),
        SecondThought(3500, Meaning.NO, 0.1),
    )
    assert facts.answers == 4
    assert facts.lowest_confidence == 0.2


def test_only_what_is_asked_again_for_want_of_an_answer_is_a_reprompt():
    facts = facts_of(
        NoInput(1),
        Say(("no_input.1", "q.saddle.again")),
        Heard(2, None, 0.2),
        Say(("no_match.2", "keys_hint", "q.saddle.again")),
        Heard(3, Meaning.REPEAT, 1.0),
        Say(("q.saddle",)),
    )
    assert facts.reprompts == 2


def test_a_decision_that_was_taken_back_is_none():
    decided = Decided({"urgency": 5, "rules": [{"id": "stroke-face"}]}, [])
    assert facts_of(Heard(1, Meaning.YES, 1.0), decided).rules == ("stroke-face",)
    facts = facts_of(Heard(1, Meaning.YES, 1.0), decided, SecondThought(2, Meaning.NO))
    assert (facts.urgency, facts.rules) == (None, ())


@pytest.mark.parametrize("how", TransferOutcome)
def test_how_the_last_transfer_ended_is_told(how):
    assert facts_of(Transfer(Target.NURSE)).transfer == RINGING
    first = (Transfer(Target.NURSE), TransferEnded(1, TransferOutcome.BUSY))
    assert facts_of(*first, Transfer(Target.FRONT_DESK), TransferEnded(2, how)).transfer == how


def test_a_fault_is_told_once():
    assert facts_of(Fault(1, "stream_lost"), Fault(2, "stream_lost"), Fault(3, "ears_failed")).faults == (
        "stream_lost",
        "ears_failed",
    )
