"""What to look for among calls: the filter, as conditions on the index and as JSON. Asks no database."""

from __future__ import annotations

import operator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.storage.call_index import Mark
from voicebot.storage.tables import CALL_BACKS, CALL_INDEX, CALL_MARKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_AFTER_HEX = "g"
_TIMES = ("since", "until", "live_since")


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What to look for; what is left empty is not looked at."""

    call_id: str = ""
    """How the id begins."""
    last_four: str = ""
    """Last digits of the number; known only of those who are still to be called back."""
    marks: Collection[tuple[Mark, str]] = ()
    """All of them: rules that fired, faults, words the caller said."""
    since: datetime | None = None
    until: datetime | None = None
    """Begun at `since` or later, and before `until`."""
    urgencies: Collection[int] = ()
    undecided: bool = False
    """Also, or only, calls on which the rules never decided."""
    outcomes: Collection[Outcome] = ()
    review_states: Collection[str] = ()
    transfers: Collection[str] = ()
    channels: Collection[Channel] = ()
    ruleset_sha256: str = ""
    """How the digest of the rule set begins."""
    confidence_below: float | None = None
    """0..1."""
    reprompts_from: int | None = None
    lasted_from_ms: int | None = None
    faults: bool = False
    """Only calls on which something broke."""
    live_since: datetime | None = None
    """Only calls that are not over, and on which something happened at this time or later."""


def conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
    """Return what a row of the index must meet, all but the marks; never empty."""
    column = CALL_INDEX.c
    found: list[ColumnElement[bool]] = [
        column[name].in_(values)
        for name, values in (
            ("outcome", [outcome.value for outcome in wanted.outcomes]),
            ("review_state", list(wanted.review_states)),
            ("transfer", list(wanted.transfers)),
            ("channel", [channel.value for channel in wanted.channels]),
        )
        if values
    ]
    if wanted.urgencies or wanted.undecided:
        undecided = column.urgency.is_(None) if wanted.undecided else false()
        found.append(or_(column.urgency.in_(list(wanted.urgencies)), undecided))
    for prefix, named in ((wanted.call_id, column.call_id), (wanted.ruleset_sha256, column.ruleset_sha256)):
        if prefix:
            found.append(and_(named >= prefix, named < prefix + _AFTER_HEX))
    if wanted.last_four:
        numbers = select(CALL_BACKS.c.call_id).where(CALL_BACKS.c.number.endswith(wanted.last_four, autoescape=True))
        found.append(column.call_id.in_(numbers))
    found += [
        compare(named, limit)
        for named, compare, limit in (
            (column.started_at, operator.ge, wanted.since),
            (column.started_at, operator.lt, wanted.until),
            (column.lowest_confidence, operator.lt, wanted.confidence_below),
            (column.reprompts, operator.ge, wanted.reprompts_from),
            (column.duration_ms, operator.ge, wanted.lasted_from_ms),
            (column.last_event_at, operator.ge, wanted.live_since),
        )
        if limit is not None
    ]
    if wanted.live_since is not None:
        found.append(column.over.is_(False))
    if wanted.faults:
        found.append(column.faults > 0)
    return found or [true()]


def matches(wanted: CallFilter) -> ColumnElement[bool]:
    """Return what a row of the index must meet, marks and all, for who reads calls in another order than the list's."""
    mark, this_call = CALL_MARKS.c, CALL_MARKS.c.call_id == CALL_INDEX.c.call_id
    marked = [exists().where(this_call, mark.kind == kind, mark.value == value) for kind, value in wanted.marks]
    return and_(*conditions(wanted), *(one.correlate(CALL_INDEX) for one in marked))


def filter_to_json(wanted: CallFilter) -> dict[str, Any]:
    """Return a filter so that it can be kept as JSON: just what it looks at."""
    told = {name: value for name, value in asdict(wanted).items() if value != getattr(CallFilter(), name)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def filter_from_json(kept: Mapping[str, Any]) -> CallFilter:
    """Return a filter that `filter_to_json` wrote."""
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    read |= {name: datetime.fromisoformat(read[name]) for name in _TIMES if name in read}
    read["marks"] = tuple((Mark(kind), value) for kind, value in read.get("marks", ()))
    read["outcomes"] = tuple(map(Outcome, read.get("outcomes", ())))
    read["channels"] = tuple(map(Channel, read.get("channels", ())))
    return CallFilter(**read)
