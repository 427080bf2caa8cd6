"""Finds calls in the index: what to look for in, one page of calls out. Only reads; call_index.py writes.

Pages are cut by the last call shown, not by counting, so that calls which come in meanwhile move nothing.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, false, func, or_, select, true, tuple_

from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.storage.call_index import Mark
from voicebot.storage.engine import transaction
from voicebot.storage.store import unknown_call
from voicebot.storage.tables import CALL_BACKS, CALL_INDEX, CALL_MARKS, RULESETS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

COUNT_UP_TO = 200
"""More matches than this are not counted: the list would wait for it, and nobody reads them."""
COMMON = 50_000
"""So many calls make a mark common: of two such marks, it does not matter which one more calls have."""
_AFTER_HEX = "g"


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


@dataclass(frozen=True, slots=True)
class IndexedCall:
    """One call in a line of the list."""

    call_id: str
    started_at: datetime
    last_event_at: datetime
    channel: Channel
    over: bool
    duration_ms: int
    outcome: Outcome | None
    urgency: int | None
    answers: int
    lowest_confidence: float | None
    reprompts: int
    longest_gap_ms: int | None
    transfer: str | None
    faults: int
    ruleset_sha256: str
    review_state: str
    last_four: str | None
    """Of somebody who is still to be called back."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some calls, the newest first."""

    calls: Sequence[IndexedCall]
    newer: bool
    older: bool
    """Whether there are more before and after these."""
    count: int
    """How many calls are wanted, of all pages; COUNT_UP_TO + 1 when there are more than COUNT_UP_TO."""


class CallSearch:
    """Reads the index in a database whose tables are there.

    Any method raises VoicebotError `store_failed` when the database refuses.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, wanted: CallFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
    ) -> CallPage:
        """Return the newest calls wanted, those older than the call `before`, or those just newer than `after`.

        Raises VoicebotError `unknown_call` for a `before` or `after` nobody knows.
        """
        with transaction(self._engine) as connection:
            query, place = _query(connection, wanted)
            page = query.order_by(*_ascending(place)) if after else query.order_by(*_descending(place))
            if after:
                page = page.where(place > _place_of(connection, after))
            elif before:
                page = page.where(place < _place_of(connection, before))
            first = not (before or after)
            # The first page is counted by reading on: to look for the same calls twice takes twice as long.
            rows = connection.execute(page.limit(max(limit, COUNT_UP_TO) + 1 if first else limit + 1)).all()
            more = len(rows) > limit
            count = min(len(rows), COUNT_UP_TO + 1) if first else _count(connection, query)
        calls = [_indexed(row) for row in rows[:limit]]
        if after:
            return CallPage(calls[::-1], newer=more, older=True, count=count)
        return CallPage(calls, newer=bool(before), older=more, count=count)

    def call(self, call_id: str) -> IndexedCall:
        """Return one call's line; raises VoicebotError `unknown_call`."""
        found = self.page(CallFilter(call_id=call_id), limit=1).calls
        if not found or found[0].call_id != call_id:
            raise unknown_call()
        return found[0]

    def rulesets(self) -> dict[str, str]:
        """Return the rule sets calls were decided by: digest -> name and version, the newest version first."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(RULESETS.c.sha256, RULESETS.c.id, RULESETS.c.version))
            named = [(row.version, row.sha256, f"{row.id} {row.version}") for row in rows]
        return {sha256: name for _, sha256, name in sorted(named, reverse=True)}

    def rules(self, call_ids: Collection[str]) -> dict[str, list[str]]:
        """Return the rules that fired on each of the calls."""
        # Not narrowed to rules: SQLite would rather look through the rules of all calls than all marks of these few.
        query = select(CALL_MARKS.c.call_id, CALL_MARKS.c.kind, CALL_MARKS.c.value)
        with transaction(self._engine) as connection:
            rows = connection.execute(query.where(CALL_MARKS.c.call_id.in_(call_ids))).all()
        fired = sorted((row.call_id, row.value) for row in rows if row.kind == Mark.RULE)
        return {call_id: [value for of, value in fired if of == call_id] for call_id in call_ids}

    def faults(self) -> list[str]:
        """Return the codes of all faults any call had, sorted."""
        query = select(CALL_MARKS.c.value).where(CALL_MARKS.c.kind == Mark.FAULT).distinct()
        with transaction(self._engine) as connection:
            return sorted(connection.scalars(query))


def _query(connection: Connection, wanted: CallFilter) -> tuple[Select[Any], Any]:
    """Return the query, not ordered yet, and the place of a call in the list: (started_at, call_id).

    Calls are read in the order of the list until a page is full. Marks are kept in that order, too, so the rarest mark
    leads; the others are looked up for the calls it leads to.
    """
    source: Any = CALL_INDEX
    place = tuple_(CALL_INDEX.c.started_at, CALL_INDEX.c.call_id)
    conditions = list(_conditions(wanted))
    for number, (kind, value) in enumerate(_rarest_first(connection, wanted)):
        mark = CALL_MARKS.alias(f"mark{number}")
        this_one = and_(mark.c.kind == kind, mark.c.value == value)
        same = mark.c.call_id == CALL_INDEX.c.call_id
        if connection.dialect.name == "sqlite":
            # SQLite finds a row by both. PostgreSQL would take them for two chances and expect next to no calls.
            same = and_(same, mark.c.started_at == CALL_INDEX.c.started_at)
        if number == 0:
            source = source.join(mark, same)
            conditions.append(this_one)
            place = tuple_(mark.c.started_at, mark.c.call_id)
        else:
            conditions.append(exists().where(same, this_one).correlate(CALL_INDEX))
    source = source.outerjoin(CALL_BACKS, CALL_BACKS.c.call_id == CALL_INDEX.c.call_id)
    query = select(CALL_INDEX, CALL_BACKS.c.number).select_from(source).where(*conditions)
    return query, place


def _rarest_first(connection: Connection, wanted: CallFilter) -> list[tuple[Mark, str]]:
    several = len(wanted.marks) > 1
    return sorted(wanted.marks, key=lambda mark: _rarity(connection, *mark) if several else 0)


def _rarity(connection: Connection, kind: Mark, value: str) -> int:
    """Count the calls with a mark, up to COMMON."""
    some = select(CALL_MARKS.c.call_id).where(CALL_MARKS.c.kind == kind, CALL_MARKS.c.value == value).limit(COMMON)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def _conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
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


def _count(connection: Connection, query: Select[Any]) -> int:
    some = query.with_only_columns(CALL_INDEX.c.call_id).limit(COUNT_UP_TO + 1)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def _ascending(place: Any) -> list[ColumnElement[Any]]:
    return list(place.clauses)


def _descending(place: Any) -> list[ColumnElement[Any]]:
    return [column.desc() for column in _ascending(place)]


def _place_of(connection: Connection, call_id: str) -> Any:
    row = connection.execute(
        select(CALL_INDEX.c.started_at, CALL_INDEX.c.call_id).where(CALL_INDEX.c.call_id == call_id)
    ).one_or_none()
    if row is None:
        raise unknown_call()
    return tuple_(row.started_at, row.call_id)


def _indexed(row: Row[Any]) -> IndexedCall:
    return IndexedCall(
        call_id=row.call_id,
        started_at=row.started_at,
        last_event_at=row.last_event_at,
        channel=Channel(row.channel),
        over=row.over,
        duration_ms=row.duration_ms,
        outcome=Outcome(row.outcome) if row.outcome else None,
        urgency=row.urgency,
        answers=row.answers,
        lowest_confidence=row.lowest_confidence,
        reprompts=row.reprompts,
        longest_gap_ms=row.longest_gap_ms,
        transfer=row.transfer,
        faults=row.faults,
        ruleset_sha256=row.ruleset_sha256,
        review_state=row.review_state,
        last_four=row.number[-4:] if row.number else None,
    )
