"""Claims, verdicts, and what two readers make of a call together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.staff.review import (
    LEASE,
    Claim,
    Reader,
    ReviewState,
    Verdict,
    floor_for_rules,
    holds,
    is_free,
    may_judge,
    settled_level,
    state_after,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANN, BOB, CAT = (Reader(name, name.title()) for name in ("ann", "bob", "cat"))
LEVELS = st.integers(0, 5)
READERS = st.sampled_from([ANN, BOB, CAT])


def agrees(by, level):
    return Verdict(by, NOON, agrees=True, level=level)


def disagrees(by, level):
    return Verdict(by, NOON, agrees=False, level=level, reason="It was worse.")


@given(st.lists(st.tuples(READERS, st.integers(0, 40)), max_size=30))
def test_no_two_readers_ever_hold_a_call_at_one_moment(attempts):
    claim, now = None, NOON
    for reader, minutes in attempts:
        now += timedelta(minutes=minutes)
        held_by_other = claim is not None and claim.by != reader and holds(claim, claim.by.id, now)
        if is_free(claim, reader.id, now):
            assert not held_by_other
            claim = Claim(reader, now + LEASE)
        else:
            assert held_by_other
        assert sum(holds(claim, one.id, now) for one in (ANN, BOB, CAT)) == 1


def test_a_claim_lasts_a_quarter_of_an_hour():
    claim = Claim(ANN, NOON + LEASE)
    assert holds(claim, "ann", NOON + timedelta(minutes=14, seconds=59))
    assert not holds(claim, "ann", NOON + timedelta(minutes=15))
    assert is_free(claim, "bob", NOON + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("verdicts", "state", "level"),
    [
        ([], ReviewState.WAITING, None),
        ([agrees(ANN, 3)], ReviewState.SETTLED, 3),
        ([disagrees(ANN, 4)], ReviewState.SECOND_READER, None),
        ([disagrees(ANN, 4), disagrees(BOB, 4)], ReviewState.SETTLED, 4),
        ([disagrees(ANN, 4), agrees(BOB, 2)], ReviewState.SETTLED, 4),
        ([disagrees(ANN, 1), agrees(BOB, 5)], ReviewState.SETTLED, 5),
        ([agrees(ANN, None)], ReviewState.SETTLED, None),
    ],
)
def test_what_verdicts_make_of_a_call(verdicts, state, level):
    assert (state_after(verdicts), settled_level(verdicts)) == (state, level)


def test_nobody_reads_a_call_twice():
    assert not may_judge([disagrees(ANN, 4)], "ann")
    assert may_judge([disagrees(ANN, 4)], "bob")
    assert not may_judge([agrees(ANN, 4)], "bob")


@given(LEVELS, LEVELS, LEVELS)
def test_readers_who_differ_never_settle_on_the_less_urgent(line, first, second):
    verdicts = [disagrees(ANN, first), agrees(BOB, line) if second == line else disagrees(BOB, second)]
    assert settled_level(verdicts) == max(first, second)


@pytest.mark.parametrize(
    ("line", "settled", "said", "floor"),
    [(5, 5, 5, 5), (4, 4, 4, 4), (3, 3, 3, None), (3, 5, 5, 3), (5, None, 3, 5), (5, 3, 3, None), (5, 4, 4, 4)],
)
def test_under_what_no_new_rules_may_bring_a_call(line, settled, said, floor):
    assert floor_for_rules(line, settled, said) == floor
