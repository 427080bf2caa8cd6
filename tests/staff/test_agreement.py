"""Agreement of two readings, against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.staff.agreement import ENOUGH, agreement

LEVELS = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(1, 50), min_size=1)


def test_a_worked_example():
    # 20 + 15 of 50 alike; chance alone gives 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    found = agreement({(5, 5): 20, (5, 1): 5, (1, 5): 10, (1, 1): 15})
    assert (found.calls, found.same) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("levels", "kappa"),
    [
        ({(5, 5): 10, (1, 1): 10}, 1.0),
        ({(5, 1): 10, (1, 5): 10}, -1.0),
        ({(5, 5): 5, (5, 1): 5, (1, 5): 5, (1, 1): 5}, 0.0),
        ({(5, 5): 40}, None),
        ({}, None),
    ],
)
def test_the_ends_of_the_scale(levels, kappa):
    assert agreement(levels).kappa == kappa


@pytest.mark.parametrize(("calls", "enough"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_few_calls_are_too_few(calls, enough):
    assert agreement({(5, 5): calls}).enough is enough


@given(LEVELS)
def test_it_does_not_matter_who_read_first(levels):
    turned = {(other, one): count for (one, other), count in levels.items()}
    assert agreement(turned) == agreement(levels)


@given(LEVELS)
def test_kappa_never_leaves_its_scale(levels):
    found = agreement(levels)
    assert found.kappa is None or -1 <= found.kappa <= found.same / found.calls
