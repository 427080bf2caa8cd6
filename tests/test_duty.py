"""Seats for callers, and the way out of a process that is told to stop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from voicebot.duty import HAND_OVER_S, SEAT_S, Duty, Standing, leave_in_order


class Clock:
    """Time that goes by when somebody waits for it; `then` is called after so many seconds."""

    def __init__(self, **then):
        self.now = 0.0
        self.then = then

    def __call__(self):
        return self.now

    def pause(self, length_s):
        self.now += length_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def duty(clock):
    return Duty(clock)


def test_there_are_so_many_seats_and_no_more(duty):
    assert [duty.take_seat(call, of=2) for call in ("a", "b", "c")] == [True, True, False]
    assert duty.take_seat("a", of=2), "whoever has a seat keeps it"
    duty.free_seat("a")
    assert duty.take_seat("c", of=2)


def test_a_call_that_fell_silent_has_left_its_seat(duty, clock):
    duty.take_seat("a", of=1)
    clock.now = SEAT_S
    assert not duty.take_seat("b", of=1)
    duty.seen("a")
    clock.now = 2 * SEAT_S + 1
    assert duty.take_seat("b", of=1)


def test_an_open_stream_keeps_its_seat(duty, clock):
    duty.take_seat("a", of=1)
    with duty.streaming("a"):
        clock.now = 10 * SEAT_S
        assert not duty.take_seat("b", of=1)
    assert not duty.take_seat("b", of=1), "the carrier is about to ask what follows"
    clock.now += SEAT_S + 1
    assert duty.take_seat("b", of=1)


def test_a_stream_may_end_after_its_call_did(duty):
    with duty.streaming("a"):
        duty.free_seat("a")
    assert duty.calls() == 0


def test_a_call_that_began_elsewhere_is_not_turned_away(duty):
    duty.take_seat("a", of=1)
    duty.seen("b")
    assert duty.calls() == 2


def test_who_is_told_to_stop_takes_no_new_calls(duty):
    duty.take_seat("a", of=9)
    duty.drain()
    assert duty.standing is Standing.DRAINING
    assert not duty.take_seat("b", of=9)
    assert duty.take_seat("a", of=9), "the same webhook, sent again"


def test_without_calls_nothing_is_waited_for(duty, clock):
    leave_in_order(duty, 600, clock.pause)
    assert clock.now == 0
    assert duty.standing is Standing.DRAINING


def test_calls_that_end_in_time_are_not_handed_over(duty, clock):
    duty.take_seat("a", of=9)

    def pause(length_s):
        clock.pause(length_s)
        if clock.now > 7:
            duty.free_seat("a")

    leave_in_order(duty, 20, pause)
    assert 7 < clock.now < 8
    assert not duty.leaving


def test_the_rest_are_handed_over_and_waited_for_a_moment(duty, clock):
    duty.take_seat("a", of=9)
    leave_in_order(duty, 20, clock.pause)
    assert duty.leaving
    assert 20 + HAND_OVER_S <= clock.now < 21 + HAND_OVER_S


def test_what_follows_a_stream_waits_for_its_end(duty):
    noted = []
    with ThreadPoolExecutor(1) as pool:
        with duty.streaming("a"):
            follows = pool.submit(lambda: (duty.await_stream("a", 60), list(noted)))
            assert not duty.await_stream("a", 0.01), "it is open"
            noted.append("its end")
        assert follows.result(timeout=60) == (True, ["its end"])


def test_a_call_without_a_stream_waits_for_nothing(duty):
    assert duty.await_stream("unknown", 60)
    duty.take_seat("a", of=9)
    assert duty.await_stream("a", 60)
