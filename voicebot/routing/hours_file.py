"""Reads a file of opening hours (YAML 1.2, see hours.yaml) and names every mistake with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from voicebot.dialog.effects import Target
from voicebot.errors import Exit, VoicebotError
from voicebot.routing.holidays import WEEKDAYS, Holiday, parse_day
from voicebot.routing.hours import Hours
from voicebot.routing.spans import parse_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.routing.spans import Span

_EVERY_DAY = "every day"
_A_DAY = (
    "must be a day such as 2026-12-25, december 25 or last monday of may, and `open`, if it is there, a time such as "
    "08:00-12:00"
)


def parse_hours(text: str, name: str) -> Hours:
    """Return the hours that `text` tells; `name` is the file's, for errors.

    Raises VoicebotError `hours_broken` with every mistake, each with its line and how to mend it.
    """
    try:
        root = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken([f"{name}:{line}: {error.problem}; mend the YAML here or just above"]) from None
    except YAMLError:
        raise _broken([f"{name}:1: this is no YAML"]) from None
    if not isinstance(root, CommentedMap):
        raise _broken([f"{name}:1: no hours are here; begin with `time_zone: America/Chicago`"])
    reader = _Reader(name)
    zone = reader.zone(root)
    hours = Hours(zone, dict(reader.desks(root)), tuple(reader.holidays(root)))
    reader.only(root, "time_zone", "desks", "holidays")
    if reader.mistakes:
        raise _broken(reader.mistakes)
    return hours


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.mistakes: list[str] = []

    def zone(self, root: CommentedMap) -> ZoneInfo:
        try:
            return ZoneInfo(str(root["time_zone"]))
        except KeyError:  # also ZoneInfoNotFoundError
            known = "time_zone" in root
        except (ValueError, OSError):
            known = True
        self._wrong(root, "time_zone", "is no time zone such as America/Chicago" if known else "is missing")
        return ZoneInfo("UTC")

    def desks(self, root: CommentedMap) -> Iterator[tuple[Target, Mapping[int, tuple[Span, ...]]]]:
        for desk, week in self._map(root, "desks").items():
            if desk not in set(Target):
                self._wrong(root["desks"], desk, f"is none of {', '.join(Target)}")
            elif not isinstance(week, CommentedMap):
                self._wrong(root["desks"], desk, "has no days; write lines such as `monday to friday: 08:00-17:00`")
            else:
                yield Target(desk), self._week(week)

    def holidays(self, root: CommentedMap) -> Iterator[Holiday]:
        entries = root.get("holidays") or CommentedSeq()
        if not isinstance(entries, CommentedSeq):
            self._wrong(root, "holidays", "must be a list of `- {name: Christmas Day, on: december 25}`")
            return
        for entry in entries:
            if not isinstance(entry, CommentedMap) or not {"name", "on"} <= set(entry):
                self._wrong(root, "holidays", "has an entry without a name or without the day it is on")
                continue
            self.only(entry, "name", "on", "open")
            try:
                opened = parse_spans(entry["open"]) if "open" in entry else ()
                yield Holiday(str(entry["name"]), parse_day(entry["on"]), opened)
            except ValueError:
                self._wrong(entry, "on", _A_DAY)

    def only(self, entry: CommentedMap, *known: str) -> None:
        """Note every key that means nothing here."""
        for key in entry:
            if key not in known:
                self._wrong(entry, key, f"means nothing here; known are {', '.join(known)}")

    def _week(self, week: CommentedMap) -> dict[int, tuple[Span, ...]]:
        spans: dict[int, tuple[Span, ...]] = {}
        for days, times in week.items():
            try:
                numbers, opened = _weekdays(str(days).lower()), parse_spans(times)
            except ValueError as error:
                self._wrong(week, days, f"cannot be read: {error}")
                continue
            if double := set(numbers) & set(spans):
                self._wrong(week, days, f"tells of {WEEKDAYS[min(double)]} a second time")
            spans |= dict.fromkeys(numbers, opened)
        return spans

    def _map(self, root: CommentedMap, key: str) -> CommentedMap:
        found = root.get(key)
        if isinstance(found, CommentedMap):
            return found
        self._wrong(root, key, "must name desks with their hours; write `desks: {}` to try all at any hour")
        return CommentedMap()

    def _wrong(self, parent: CommentedMap, key: Any, what: str) -> None:
        line = (parent.lc.key(key)[0] if key in parent else parent.lc.line) + 1
        self.mistakes.append(f"{self._name}:{line}: `{key}` {what}")


def _weekdays(written: str) -> tuple[int, ...]:
    """Return the days of `monday`, `monday to friday`, `saturday, sunday` or `every day`; raises ValueError."""
    if written == _EVERY_DAY:
        return tuple(range(len(WEEKDAYS)))
    days: list[int] = []
    for part in written.split(","):
        first, _, last = part.strip().partition(" to ")
        names = [first, last or first]
        if unknown := [name for name in names if name not in WEEKDAYS]:
            raise ValueError(f"{unknown[0]!r} is no day such as monday, or monday to friday")
        begin, end = (WEEKDAYS.index(name) for name in names)
        days += [(begin + offset) % len(WEEKDAYS) for offset in range((end - begin) % len(WEEKDAYS) + 1)]
    return tuple(days)


def _broken(mistakes: list[str]) -> VoicebotError:
    return VoicebotError("hours_broken", "; ".join(mistakes) + ".", "See docs/hours.md.", Exit.BAD_INPUT)
