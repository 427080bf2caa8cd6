"""The query string of the list of calls and what it looks for. The query string is the view: it can be kept and shared.

Parsing only: no database, and no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from voicebot.calls.facts import RINGING
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel, TransferOutcome
from voicebot.dialog.safety import MAX_CALL_MS
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_index import Mark, words_of
from voicebot.web.console.call_wording import REVIEW_STATES
from voicebot.web.wording import URGENCIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

UNDECIDED = "none"
ANY = "any"
LIVE_FOR = timedelta(milliseconds=MAX_CALL_MS)
"""So long after its last event a call that has no end can still be going on."""
MAX_TEXT = 200
_CALL_ID = re.compile(r"[0-9a-f]{6,32}")
_LAST_FOUR = re.compile(r"[0-9]{4}")
_SHA256 = re.compile(r"[0-9a-f]{6,64}")
_TRANSFERS = {RINGING, *(outcome.value for outcome in TransferOutcome)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query string asks for."""

    filter: CallFilter
    mistakes: tuple[str, ...]
    """What could not be understood and is not looked at, in words."""
    query: tuple[tuple[str, str], ...]
    """What was asked, without the place in the list: for links, kept views and exports."""


def read_query(query: MultiDict[str, str], now: datetime, *, may_see_words: bool) -> Asked:
    """Return what `query` asks for; without the right to words, none are looked for."""
    wanted, mistakes = CallFilter(), []
    for name, parse in FIELDS.items():
        values = [value.strip()[:MAX_TEXT] for value in query.getlist(name) if value.strip()]
        if not values:
            continue
        try:
            wanted = replace(wanted, **parse(values, wanted, now))
        except (ValueError, OverflowError):
            mistakes.append(f"“{', '.join(values)}” is not understood ({LABELS[name]}).")
    if not may_see_words and any(kind is Mark.WORD for kind, _ in wanted.marks):
        wanted = replace(wanted, marks=tuple(mark for mark in wanted.marks if mark[0] is not Mark.WORD))
        mistakes.append("Words are only searched for by those who may see them. Search by call id or last four digits.")
    return Asked(wanted, tuple(mistakes), kept_parts(query.items(multi=True)))


def kept_parts(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return those parts of a query string that make the view: neither the place in the list nor empty fields."""
    return tuple((name, value) for name, value in query if name in _KEPT and value.strip())


def _text(values: Sequence[str], wanted: CallFilter, _now: datetime) -> dict[str, Any]:
    """Four digits are the end of a number, hexadecimal ones the beginning of a call id, all else words."""
    text = values[0].casefold()
    if _LAST_FOUR.fullmatch(text):
        return {"last_four": text}
    if _CALL_ID.fullmatch(text):
        return {"call_id": text}
    return {"marks": (*wanted.marks, *((Mark.WORD, word) for word in dict.fromkeys(words_of(text))))}


def _day(values: Sequence[str], *, days_on: int = 0) -> datetime:
    """Return the moment a day begins on this machine, or with `days_on` the day so many days later."""
    day = datetime.strptime(values[0], "%Y-%m-%d").replace(tzinfo=UTC).date() + timedelta(days=days_on)
    return datetime.combine(day, time()).astimezone()


def _urgencies(values: Sequence[str], _wanted: CallFilter, _now: datetime) -> dict[str, Any]:
    numbers = {int(value) for value in values if value != UNDECIDED}
    if not numbers <= set(range(len(URGENCIES))):
        raise ValueError
    return {"urgencies": tuple(sorted(numbers)), "undecided": UNDECIDED in values}


def _confidence(values: Sequence[str], _wanted: CallFilter, _now: datetime) -> dict[str, Any]:
    below = float(values[0])
    if not 0 <= below <= 1:
        raise ValueError
    return {"confidence_below": below}


def _fault(values: Sequence[str], wanted: CallFilter, _now: datetime) -> dict[str, Any]:
    if values[0] == ANY:
        return {"faults": True}
    return {"marks": (*wanted.marks, (Mark.FAULT, values[0]))}


def _version(values: Sequence[str], _wanted: CallFilter, _now: datetime) -> dict[str, Any]:
    if not _SHA256.fullmatch(values[0]):
        raise ValueError
    return {"ruleset_sha256": values[0]}


def _among(field: str, known: set[str]) -> Callable[[Sequence[str], CallFilter, datetime], dict[str, Any]]:
    def parse(values: Sequence[str], _wanted: CallFilter, _now: datetime) -> dict[str, Any]:
        if not known.issuperset(values):
            raise ValueError
        return {field: tuple(values)}

    return parse


FIELDS: Mapping[str, Callable[[Sequence[str], CallFilter, datetime], dict[str, Any]]] = {
    "rule": lambda values, wanted, _: {"marks": (*wanted.marks, (Mark.RULE, values[0]))},
    "fault": _fault,
    "q": _text,
    "from": lambda values, *_: {"since": _day(values)},
    "to": lambda values, *_: {"until": _day(values, days_on=1)},
    "urgency": _urgencies,
    "outcome": lambda values, *_: {"outcomes": tuple(map(Outcome, values))},
    "review": _among("review_states", set(REVIEW_STATES)),
    "transfer": _among("transfers", _TRANSFERS),
    "channel": lambda values, *_: {"channels": tuple(map(Channel, values))},
    "version": _version,
    "confidence": _confidence,
    "reprompts": lambda values, *_: {"reprompts_from": _count(values)},
    "minutes": lambda values, *_: {"lasted_from_ms": _count(values) * 60_000},
    "live": lambda _, __, now: {"live_since": now - LIVE_FOR},
}
"""Name in the query string -> what it sets in the filter. Raises ValueError for what it does not understand."""

LABELS = {
    "rule": "rule",
    "fault": "fault",
    "q": "search",
    "from": "first day",
    "to": "last day",
    "urgency": "urgency",
    "outcome": "outcome",
    "review": "review",
    "transfer": "put through",
    "channel": "channel",
    "version": "rule set",
    "confidence": "lowest confidence",
    "reprompts": "asked again",
    "minutes": "minutes",
    "live": "live",
}
_KEPT = {*FIELDS, "column"}


def _count(values: Sequence[str]) -> int:
    count = int(values[0])
    if not 0 <= count <= 10_000:  # noqa: PLR2004 - more than any call can have
        raise ValueError
    return count
