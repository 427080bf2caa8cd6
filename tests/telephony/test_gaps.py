"""What is missing of a stream's sound is told by its timestamps, which waver, start anywhere and may mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.telephony.gaps import MOST_MS, Gaps

FRAME_MS = 20


def missing(*stamps, sound_ms=FRAME_MS, gaps=None):
    """Return what is missing before each of the frames that are stamped so."""
    gaps = gaps or Gaps()
    return [gaps.before(stamp, sound_ms) for stamp in stamps]


def frames(count, first=155):
    return [first + FRAME_MS * n for n in range(count)]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        (frames(4), [0, 0, 0, 0]),
        ([155, 195, 215], [0, 20, 0]),
        ([155, 175, 375, 395], [0, 0, 180, 0]),
        ([155, None, 195, None, 255], [0, 0, 0, 0, 20]),
        ([None, None], [0, 0]),
        ([155, 155, 155], [0, 0, 0]),
        ([155, 20, 40, 60], [0, 0, 0, 0]),
    ],
    ids=["whole", "one lost", "an outage", "some not stamped", "none stamped", "all alike", "begun anew"],
)
def test_what_is_missing_is_told_once(stamps, expected):
    assert missing(*stamps) == expected


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=400))
def test_stamps_that_waver_have_nothing_missing(off_ms):
    assert not any(missing(*[stamp + off for stamp, off in zip(frames(len(off_ms)), off_ms, strict=True)]))


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=2, max_size=600), st.integers(0, 200))
def test_whatever_is_lost_the_clock_stays_in_time(sent, first):
    kept = [FRAME_MS * n + first + off for n, (arrives, off) in enumerate(sent) if arrives]
    gaps, clock_ms = Gaps(), 0
    for nth, stamp in enumerate(kept):
        lacking = gaps.before(stamp, FRAME_MS)
        if stamp - kept[nth - 1 if nth else 0] > MOST_MS:
            return  # given up by then
        clock_ms += lacking + FRAME_MS
        assert abs(clock_ms - (stamp - kept[0] + FRAME_MS)) < FRAME_MS


def test_a_gap_nobody_could_have_waited_for_is_none_and_the_next_one_counts_from_there():
    assert missing(155, 175 + MOST_MS + 1, 195 + MOST_MS + 1, 235 + MOST_MS + 1) == [0, 0, 0, 20]


def test_stamps_that_mean_something_else_are_not_believed_for_long():
    in_samples = [160 * n for n in range(2000)]
    made_up = sum(missing(*in_samples))
    assert made_up <= 2000 * FRAME_MS + MOST_MS
