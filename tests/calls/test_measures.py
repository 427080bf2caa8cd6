"""What one call adds to the numbers."""

from __future__ import annotations

import pytest

from tests.calls.given import held
from voicebot.calls import measures
from voicebot.calls.entries import Entry
from voicebot.calls.measures import Followed, Measure, Tally, measure
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import Listen, Say, Target, Transfer
from voicebot.dialog.events import (
    Disconnected,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    SecondThought,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.meaning import Meaning


def asked(prompt="q.saddle"):
    return Listen(prompt, "yes_no", 5000, red_flag=False, keep_audio=False)


def counted(*messages):
    return measure([Entry(seq, message) for seq, message in enumerate(messages)])


def followed(event, *effects):
    (found,) = [tally.detail for tally in counted(asked(), event, *effects) if tally.measure is Measure.QUESTION][:1]
    return found


AWAY = Transfer(Target.FRONT_DESK)


@pytest.mark.parametrize(
    ("messages", "result"),
    [
        ([Heard(1, Meaning.YES, 0.99), Say(("q.next",)), asked("q.next")], Followed.NEXT),
        ([KeyPressed(1, "2"), asked("q.next")], Followed.NEXT),
        ([Heard(1, Meaning.YES, 0.99), Transfer(Target.SCHEDULING)], Followed.NEXT),
        ([Heard(1, Meaning.YES, 0.6), Say(("confirm.yes",)), asked("confirm.yes")], Followed.AGAIN),
        ([Heard(1, Meaning.REPEAT, 0.99), asked()], Followed.AGAIN),
        ([KeyPressed(1, "8"), asked()], Followed.AGAIN),
        ([NoInput(1), asked()], Followed.NO_INPUT),
        ([NoInput(1), AWAY], Followed.PERSON),
        ([Heard(1, None, 0.9), asked()], Followed.NO_MATCH),
        ([Heard(1, Meaning.YES, 0.1), asked()], Followed.NO_MATCH),
        ([KeyPressed(1, "A"), asked()], Followed.NO_MATCH),
        ([Heard(1, None, 0.9), AWAY], Followed.PERSON),
        ([Heard(1, Meaning.OPERATOR, 0.99), AWAY], Followed.PERSON),
        ([HungUp(1)], Followed.HUNG_UP),
        ([Fault(1, "ears_failed"), AWAY], Followed.BROKEN),
        ([Disconnected(1, "stream_broken")], Followed.BROKEN),
        ([], Followed.BROKEN),
    ],
)
def test_what_followed_a_question(messages, result):
    tallies = counted(asked(), *messages)
    assert tallies[Tally(Measure.QUESTION, "q.saddle", result)] == 1


@pytest.mark.parametrize(
    ("effects", "result"), [([], Followed.NO_INPUT), ([Say(("emergency.heard",)), asked("will_call")], Followed.NEXT)]
)
def test_urgent_words_before_a_question_answer_it_only_if_something_came_of_them(effects, result):
    overheard = Heard(1, Meaning.EMERGENCY, 0.99, over_prompt=True, urgent_only=True)
    tallies = counted(asked(), overheard, *effects, NoInput(9))
    assert tallies[Tally(Measure.QUESTION, "q.saddle", result)] == 1


def test_every_time_a_question_is_put_is_counted_once(ruleset):
    call = held(ruleset, "q.sit")
    asked_times = sum(isinstance(entry.message, Listen) for entry in call.entries)
    tallies = measure(call.entries)
    assert sum(count for tally, count in tallies.items() if tally.measure is Measure.QUESTION) == asked_times


def test_transfers_are_counted_by_whom_and_how():
    busy, taken = TransferEnded(2, TransferOutcome.BUSY), TransferEnded(4, TransferOutcome.ANSWERED)
    replied = StaffReplied(3, StaffReply.ACCEPTED)
    tallies = counted(Transfer(Target.NURSE), busy, AWAY, replied, taken)
    assert tallies[Tally(Measure.TRANSFER, "nurse", "busy")] == 1
    assert tallies[Tally(Measure.TRANSFER, "front_desk", "answered")] == 1


def test_a_transfer_of_which_nothing_was_told_counts_too_unless_it_was_taken_back():
    lost, taken_back = (
        counted(AWAY, HungUp(9)),
        counted(Heard(1, Meaning.NO, 0.99), AWAY, SecondThought(2, Meaning.YES)),
    )
    assert lost[Tally(Measure.TRANSFER, "front_desk", "not_told")] == 1
    assert counted(Transfer(Target.NURSE), AWAY)[Tally(Measure.TRANSFER, "nurse", "not_told")] == 1
    assert not [tally for tally in taken_back if tally.measure is Measure.TRANSFER]


def test_gaps_and_confidence_are_counted_in_bins():
    tallies = counted(asked(), Heard(1459, Meaning.YES, 0.999, started_ms=500, ended_ms=1200), Say(("x",)))
    assert tallies[Tally(Measure.TURN_GAP, "240")] == 1
    assert tallies[Tally(Measure.CONFIDENCE, "95", "understood")] == 1
    assert counted(Heard(1, None, 1.0))[Tally(Measure.CONFIDENCE, "95", "not_understood")] == 1
    assert counted(Heard(1, None, 0.0))[Tally(Measure.CONFIDENCE, "0", "not_understood")] == 1


def test_every_outcome_tells_who_brought_the_call_to_its_end():
    assert set(measures._CARRIED) == set(Outcome)


def test_a_call_is_counted_once_by_outcome(ruleset):
    tallies = measure(held(ruleset, hang_up_after=1).entries)
    assert tallies[Tally(Measure.OUTCOME, "hung_up", "not_decided")] == 1
    assert tallies[Tally(Measure.CARRIED, "by_nobody")] == 1
