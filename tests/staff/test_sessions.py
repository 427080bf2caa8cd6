from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.staff.sessions import SessionLimits, is_over, worth_noting

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


@pytest.mark.parametrize(
    ("seen_min", "now_min", "over"),
    [
        (0, 0, False),
        (0, 29, False),
        (0, 30, True),
        (25, 54, False),
        (25, 55, True),
        (719, 719, False),
        (719, 720, True),
        (0, -1, True),
    ],
)
def test_a_session_ends_by_itself(seen_min, now_min, over):
    seen, now = NOON + timedelta(minutes=seen_min), NOON + timedelta(minutes=now_min)
    assert is_over(NOON, seen, now, LIMITS) is over


@given(st.lists(st.integers(0, 40 * 60), max_size=40))
def test_however_busy_somebody_is_no_session_lasts_longer_than_the_limit(pauses_s):
    now = seen = NOON
    for pause_s in pauses_s:
        now += timedelta(seconds=pause_s)
        if is_over(NOON, seen, now, LIMITS):
            break
        assert now - NOON < LIMITS.absolute
        assert now - seen < LIMITS.idle
        seen = now


@pytest.mark.parametrize(("after_s", "noted"), [(0, False), (59, False), (60, True)])
def test_that_somebody_is_here_is_noted_once_a_minute(after_s, noted):
    assert worth_noting(NOON, NOON + timedelta(seconds=after_s)) is noted
