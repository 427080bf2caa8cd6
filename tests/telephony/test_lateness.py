"""What is late is told against the frame that was dealt with soonest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.telephony.lateness import LATE_MS, Lateness

FRAME_MS = 20


def of(delays, began_ms=5_000_000):
    """Return the lateness of a stream whose frames were dealt with so many ms after they were spoken."""
    lateness = Lateness()
    for number, delay in enumerate(delays, 1):
        lateness.took(number * FRAME_MS, began_ms + number * FRAME_MS + delay)
    return lateness


def test_a_stream_without_frames_is_not_late():
    assert (of([]).frames, of([]).late, of([]).worst_ms) == (0, 0, 0)


def test_frames_that_all_take_equally_long_are_not_late():
    assert (of([300] * 50).late, of([300] * 50).worst_ms) == (0, 0)


@pytest.mark.parametrize(("delay", "late"), [(LATE_MS - 1, 0), (LATE_MS, 1), (LATE_MS + 1, 1)])
def test_a_frame_is_late_from_two_frames_on(delay, late):
    assert of([0, delay, 0]).late == late


def test_a_frame_that_was_dealt_with_sooner_later_on_makes_those_before_it_late():
    assert (of([50, 50, 10]).late, of([50, 50, 10]).worst_ms) == (2, 40)


@given(delays=st.lists(st.integers(0, 5000), min_size=1), began_ms=st.integers(0, 10**9))
def test_late_are_those_so_much_behind_the_soonest_whenever_the_stream_began(delays, began_ms):
    told = of(delays, began_ms)
    assert told.frames == len(delays)
    assert told.late == sum(delay - min(delays) >= LATE_MS for delay in delays)
    assert told.worst_ms == max(delays) - min(delays)
