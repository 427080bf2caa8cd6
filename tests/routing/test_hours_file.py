from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot import assets
from voicebot.dialog.effects import Target
from voicebot.errors import VoicebotError
from voicebot.routing.hours_file import parse_hours


def mistakes(text):
    with pytest.raises(VoicebotError) as raised:
        parse_hours(text, "hours.yaml")
    assert raised.value.code == "hours_broken"
    return raised.value.message


def test_the_file_that_ships_is_sound_and_says_that_it_is_nobodys():
    text = assets.HOURS.read_text("utf-8")
    hours = parse_hours(text, assets.HOURS.name)
    assert "nobody's real hours" in text
    assert hours.zone.key == "America/Chicago"
    night = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert hours.closed_during(night) == {Target.SCHEDULING, Target.FRONT_DESK, Target.NURSE}
    assert hours.closed_during(night.replace(hour=18)) == set()


def test_no_desks_means_that_every_number_is_tried():
    hours = parse_hours("time_zone: America/Chicago\ndesks: {}\n", "hours.yaml")
    assert hours.closed_during(datetime(2026, 12, 25, 9, tzinfo=UTC)) == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "hours.yaml:1: no hours are here"),
        ("- a\n", "hours.yaml:1: no hours are here"),
        ("a: [", "hours.yaml:1:"),
        ("desks: {}\n", "`time_zone` is missing"),
        ("time_zone: Mars/Base\ndesks: {}\n", "hours.yaml:1: `time_zone` is no time zone"),
        ("time_zone: ../etc/passwd\ndesks: {}\n", "hours.yaml:1: `time_zone` is no time zone"),
        ("time_zone: America\ndesks: {}\n", "hours.yaml:1: `time_zone` is no time zone"),
        ("time_zone: UTC\n", "`desks` must name desks"),
        ("time_zone: UTC\ndesks:\n  billing: {monday: 08:00-17:00}\n", "hours.yaml:3: `billing` is none of scheduling"),
        ("time_zone: UTC\ndesks:\n  nurse: always\n", "hours.yaml:3: `nurse` has no days"),
        ("time_zone: UTC\ndesks:\n  nurse:\n    moonday: 08:00-17:00\n", "hours.yaml:4: `moonday` cannot be read"),
        ("time_zone: UTC\ndesks:\n  nurse:\n    monday: 8 to 5\n", "hours.yaml:4: `monday` cannot be read"),
        ("time_zone: UTC\ndesks:\n  nurse:\n    monday: 08:00-25:00\n", "hours.yaml:4: `monday` cannot be read"),
        ("time_zone: UTC\ndesks:\n  nurse:\n    monday: 24:30-08:00\n", "hours.yaml:4: `monday` cannot be read"),
        ("time_zone: UTC\ndesks:\n  nurse:\n    monday: 08:00-08:00\n", "hours.yaml:4: `monday` cannot be read"),
        (
            "time_zone: UTC\ndesks:\n  nurse:\n    monday to friday: 08:00-17:00\n    tuesday: 08:00-09:00\n",
            "hours.yaml:5: `tuesday` tells of tuesday a second time",
        ),
        ("time_zone: UTC\ndesks: {}\nholidays: christmas\n", "hours.yaml:3: `holidays` must be a list"),
        ("time_zone: UTC\ndesks: {}\nholidays:\n  - christmas\n", "`holidays` has an entry without a name"),
        (
            "time_zone: UTC\ndesks: {}\nholidays:\n  - {name: a, on: someday}\n",
            "hours.yaml:4: `on` must be a day such as",
        ),
        ("time_zone: UTC\ndesks: {}\nholiday: []\n", "hours.yaml:3: `holiday` means nothing here"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, told):
    assert told in mistakes(text)


def test_all_mistakes_are_told_at_once():
    message = mistakes("time_zone: Mars\ndesks:\n  nurse: {someday: 08:00-09:00}\nextra: 1\n")
    assert all(place in message for place in ("hours.yaml:1:", "hours.yaml:3:", "hours.yaml:4:"))


def test_a_list_of_days_and_a_week_that_wraps_around():
    week = "  {}:\n    {}: 10:00-11:00\n".format
    desks = week("nurse", "saturday, sunday") + week("front_desk", "friday to monday")
    hours = parse_hours(f"time_zone: UTC\ndesks:\n{desks}", "hours.yaml")
    assert sorted(hours.desks[Target.NURSE]) == [5, 6]
    assert sorted(hours.desks[Target.FRONT_DESK]) == [0, 4, 5, 6]
