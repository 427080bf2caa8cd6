"""Calls looked through once each, and their counts summed by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.storage.given import NOON, start
from voicebot.calls.measures import Measure, Tally
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.storage.review_store import review_values
from voicebot.storage.tally_store import calls_to_look_through, keep, tallies, tallies_by_day

GAP = Tally(Measure.TURN_GAP, "240")
FAULT = Tally(Measure.FAULT, "ears_failed")
TODAY = NOON.date()


@pytest.fixture(params=["sqlite", "postgresql"])
def calls(request):
    return request.getfixturevalue(f"{request.param}_store")


def over(calls, started_at=NOON, minutes=2, **how):
    call_id = start(calls, started_at=started_at, **how).call_id
    calls.end_call(call_id, started_at + timedelta(minutes=minutes), Outcome.SCHEDULING, 1)
    return call_id


def look(calls, call_id, counts):
    return keep(calls.engine, review_values(call_id, 1, 1, (), NOON), counts)


def sums(calls, since=TODAY, until=TODAY):
    found = tallies(calls.engine, since, until)
    return {tally: count for tally, count in found.items() if tally.measure is not Measure.AT_ONCE}


def test_counts_add_up_by_day(calls):
    look(calls, over(calls), {GAP: 2, FAULT: 1})
    look(calls, over(calls), {GAP: 3})
    look(calls, over(calls, started_at=NOON + timedelta(days=1)), {GAP: 10})
    assert sums(calls) == {GAP: 5, FAULT: 1}
    assert sums(calls, until=TODAY + timedelta(days=1)) == {GAP: 15, FAULT: 1}
    assert sums(calls, since=date(2020, 1, 1), until=date(2020, 1, 2)) == {}


def test_each_day_has_its_own_sums_of_the_measures_asked_for(calls):
    tomorrow = TODAY + timedelta(days=1)
    look(calls, over(calls), {GAP: 2, FAULT: 1})
    look(calls, over(calls), {GAP: 3})
    look(calls, over(calls, started_at=NOON + timedelta(days=1)), {GAP: 10})
    found = tallies_by_day(calls.engine, TODAY, tomorrow, [Measure.TURN_GAP])
    assert found == {TODAY: {GAP: 5}, tomorrow: {GAP: 10}}
    assert tallies_by_day(calls.engine, TODAY, TODAY, [Measure.FAULT]) == {TODAY: {FAULT: 1}}
    assert tallies_by_day(calls.engine, TODAY, tomorrow, [Measure.OUTCOME]) == {}


def test_a_call_counts_once(calls):
    call_id = over(calls)
    assert look(calls, call_id, {GAP: 2})
    assert not look(calls, call_id, {GAP: 2})
    assert sums(calls) == {GAP: 2}


def test_calls_are_looked_through_when_they_are_over_or_broken_off_the_newest_first(calls):
    old, new = over(calls), over(calls, started_at=NOON + timedelta(minutes=5))
    running = start(calls).call_id
    visit = start(calls, channel=Channel.WEB).call_id
    now = NOON + timedelta(minutes=10)
    assert calls_to_look_through(calls.engine, now, 9) == [new, old]
    assert calls_to_look_through(calls.engine, now, 1) == [new]
    look(calls, new, {})
    assert calls_to_look_through(calls.engine, now + timedelta(hours=2), 9) in ([old, running], [running, old])
    assert visit not in calls_to_look_through(calls.engine, now + timedelta(days=2), 9)


def test_how_many_calls_went_on_when_one_began(calls):
    first = over(calls, minutes=10)
    second = over(calls, started_at=NOON + timedelta(minutes=5))
    third = over(calls, started_at=NOON + timedelta(minutes=20))
    start(calls, channel=Channel.WEB)
    for call_id in (first, second, third):
        look(calls, call_id, {})
    found = tallies(calls.engine, TODAY, TODAY)
    assert found == {Tally(Measure.AT_ONCE, "1"): 2, Tally(Measure.AT_ONCE, "2"): 1}
