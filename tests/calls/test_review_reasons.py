"""Why calls are to be reviewed."""

from __future__ import annotations

import pytest

from tests.calls.given import held
from voicebot.calls.entries import Entry
from voicebot.calls.review_reasons import ONE_IN, WHEN_UNDECIDED, ReviewReason, review_reasons, review_urgency
from voicebot.dialog.effects import PageReason, PageStaff, Refusal, Refused911
from voicebot.dialog.events import Fault, Heard, HungUp, NoInput, SecondThought, TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning
from voicebot.triage.levels import Urgency

QUIET = "call-1"
"""The id of a call that the sample does not choose."""
OVER = HungUp(9000)


def entries(*messages):
    return [Entry(seq, message) for seq, message in enumerate(messages)]


def reasons(*messages):
    return review_reasons(QUIET, entries(*messages))


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([Heard(1, Meaning.EMERGENCY, 0.99), OVER], ReviewReason.EMERGENCY),
        ([Heard(1, Meaning.SUICIDE, 0.9), OVER], ReviewReason.EMERGENCY),
        ([SecondThought(1, Meaning.EMERGENCY), OVER], ReviewReason.EMERGENCY),
        ([TransferEnded(1, TransferOutcome.BUSY), OVER], ReviewReason.NOBODY_TOOK_IT),
        ([TransferEnded(1, TransferOutcome.CALLER_GONE), OVER], ReviewReason.NOBODY_TOOK_IT),
        ([NoInput(1), PageStaff(PageReason.CALLER_GONE), OVER], ReviewReason.PAGED),
        ([NoInput(1), Refused911(Refusal.SILENT), OVER], ReviewReason.PAGED),
        ([NoInput(1)], ReviewReason.BROKEN_OFF),
        ([Fault(1, "ears_failed"), OVER], ReviewReason.FAULT),
        ([SecondThought(1, Meaning.NO), OVER], ReviewReason.CONTRADICTION),
        ([Heard(1, Meaning.MIXED, 0.99), OVER], ReviewReason.CONTRADICTION),
        ([Heard(1, Meaning.YES, 0.6), OVER], ReviewReason.LOW_CONFIDENCE),
        ([NoInput(1), Heard(2, None, 0.9), NoInput(3), OVER], ReviewReason.REPROMPTS),
    ],
)
def test_each_reason_by_itself(messages, reason):
    assert reasons(*messages) == (reason,)


@pytest.mark.parametrize(
    "messages",
    [
        [OVER],
        [Heard(1, Meaning.EMERGENCY, 0.1), OVER],
        [Heard(1, Meaning.YES, 0.2), OVER],
        [NoInput(1), NoInput(2), OVER],
        [TransferEnded(1, TransferOutcome.BUSY), TransferEnded(2, TransferOutcome.ANSWERED), OVER],
    ],
)
def test_what_gives_no_reason(messages):
    assert reasons(*messages) == ()


def test_a_warning_sign_is_an_emergency_and_one_that_was_not_cleared_says_so(ruleset):
    assert ReviewReason.EMERGENCY in review_reasons(
        QUIET, held(ruleset, "q.face_droop", "screen.face_and_speech").entries
    )


def test_about_one_call_in_twenty_is_chosen_for_the_sample_and_always_the_same_ones():
    chosen = [name for name in map(str, range(4000)) if review_reasons(name, entries(OVER))]
    assert all(review_reasons(name, entries(OVER)) == (ReviewReason.SAMPLE,) for name in chosen)
    assert 0.8 < len(chosen) / (4000 / ONE_IN) < 1.2


def test_how_urgent_a_review_is(ruleset):
    assert review_urgency(entries(OVER)) == WHEN_UNDECIDED
    assert review_urgency(entries(Heard(1, Meaning.SUICIDE, 0.9))) == Urgency.CALL_911
    assert review_urgency(held(ruleset, "q.sit").entries) <= Urgency.PRIMARY_CARE
