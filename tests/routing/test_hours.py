from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialog.effects import Target
from voicebot.routing.holidays import parse_day
from voicebot.routing.hours_file import parse_hours

CHICAGO = ZoneInfo("America/Chicago")
HOURS = parse_hours(
    """
time_zone: America/Chicago
desks:
  scheduling:
    monday to friday: 08:00-12:00, 13:00-17:00
    saturday: 09:00-12:00
  after_hours:
    every day: 17:00-08:00
holidays:
  - {name: Thanksgiving, on: fourth thursday of november}
  - {name: Memorial Day, on: last monday of may}
  - {name: Christmas Eve, on: december 24, open: 08:00-10:00}
  - {name: We move, on: 2026-12-01}
""",
    "hours.yaml",
)
SCHEDULING, AFTER_HOURS, NURSE = Target.SCHEDULING, Target.AFTER_HOURS, Target.NURSE


def closed(written, length=timedelta(minutes=15)):
    """Return who is closed from a local time of the clinic on."""
    return HOURS.closed_during(datetime.fromisoformat(written).replace(tzinfo=CHICAGO), length)


@pytest.mark.parametrize(
    ("local", "open_desk"),
    [
        ("2026-11-25T07:44:59", False),
        ("2026-11-25T07:45:01", True),  # opens before a call of 15 minutes is over
        ("2026-11-25T08:00:00", True),
        ("2026-11-25T12:00:00", False),  # lunch; the last minute is not in it
        ("2026-11-25T12:50:00", True),
        ("2026-11-25T16:59:59", True),
        ("2026-11-25T17:00:00", False),
        ("2026-11-28T09:30:00", True),  # Saturday
        ("2026-11-29T09:30:00", False),  # Sunday
    ],
)
def test_a_desk_counts_as_closed_only_while_it_stays_closed_for_the_whole_call(local, open_desk):
    assert (SCHEDULING not in closed(local)) is open_desk


@pytest.mark.parametrize(
    ("local", "open_desk"),
    [
        ("2026-11-26T10:00:00", False),  # the fourth Thursday
        ("2026-11-19T10:00:00", True),
        ("2027-05-31T10:00:00", False),  # the last Monday
        ("2027-05-24T10:00:00", True),
        ("2026-12-24T09:00:00", True),
        ("2026-12-24T10:30:00", False),
        ("2026-12-01T10:00:00", False),
        ("2027-12-01T10:00:00", True),
    ],
)
def test_on_a_holiday_desks_are_closed_or_open_as_long_as_it_says(local, open_desk):
    assert (SCHEDULING not in closed(local)) is open_desk


def test_a_holiday_opens_no_desk_on_its_day_off():
    assert SCHEDULING in HOURS.closed_during(datetime(2028, 12, 24, 9, tzinfo=CHICAGO))  # a Sunday


def test_hours_over_midnight_hold_until_the_morning():
    assert AFTER_HOURS not in closed("2026-11-25T23:59:59")
    assert AFTER_HOURS not in closed("2026-11-26T03:00:00")
    assert AFTER_HOURS in closed("2026-11-25T12:00:00")


def test_on_a_holiday_those_on_call_are_on_call_all_day():
    assert AFTER_HOURS not in closed("2026-11-26T12:00:00")


def test_a_desk_without_hours_is_never_closed():
    assert not any(NURSE in closed(f"2026-11-{day}T03:00:00") for day in range(10, 30))


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-07-15", 13), ("2026-12-15", 14)])
def test_hours_are_local_in_summer_and_in_winter(day, utc_hour):
    opening = datetime.fromisoformat(day).replace(hour=utc_hour, tzinfo=UTC)
    a_second = timedelta(seconds=1)
    assert SCHEDULING not in HOURS.closed_during(opening, a_second)
    assert SCHEDULING in HOURS.closed_during(opening - a_second, a_second)


@pytest.mark.parametrize("night", ["2026-03-08", "2026-11-01"])
def test_the_night_the_clocks_change_is_covered_whole(night):
    begin = datetime.fromisoformat(night).replace(tzinfo=CHICAGO).astimezone(UTC)
    for minutes in range(0, 7 * 60, 15):
        assert AFTER_HOURS not in HOURS.closed_during(begin + timedelta(minutes=minutes))


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)), st.integers(0, 7200))  # noqa: DTZ001 - the strategy adds the zone
def test_a_longer_call_never_meets_more_closed_desks(start, seconds):
    assert HOURS.closed_during(start, timedelta(seconds=seconds + 60)) <= HOURS.closed_during(
        start, timedelta(seconds=seconds + 1)
    )


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - as above
def test_somebody_answers_at_every_moment_outside_lunch_and_saturday(start):
    local = start.astimezone(CHICAGO)
    if local.weekday() < 5 and local.hour not in {11, 12}:
        assert {SCHEDULING, AFTER_HOURS} - HOURS.closed_during(start) or local.date() == date(local.year, 12, 24)


@pytest.mark.parametrize("wrong", ["june 31", "fifth monday of may", "someday", "2026-13-01", "february 30", ""])
def test_what_is_no_day_is_refused(wrong):
    with pytest.raises(ValueError, match=r"day|month|isoformat"):
        parse_day(wrong)
