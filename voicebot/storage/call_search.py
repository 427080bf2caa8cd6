"""Finds calls in the index: what to look for in, one page of calls out. Only reads; call_index.py writes.

Pages are cut by the last call shown, not by counting, so that calls which come in meanwhile move nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, select, text, tuple_

from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.staff.audit_chain import Audited
from voicebot.storage.call_filter import CallFilter, conditions
from voicebot.storage.call_index import Mark
from voicebot.storage.engine import transaction
from voicebot.storage.store import unknown_call
from voicebot.storage.tables import AUDIT, CALL_BACKS, CALL_INDEX, CALL_MARKS, RULESETS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

COUNT_UP_TO = 200
"""More matches than this are not counted: the list would wait for it, and nobody reads them."""
COMMON = 50_000
"""So many calls make a mark common: half of all, where the list is as long as it is measured with."""


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
            if connection.dialect.name == "postgresql":
                # It expects the worst of these queries, and would compile for longer than they run.
                connection.execute(text("SET LOCAL jit = off"))
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

    def opened_by(self, who: str, call_ids: Collection[str]) -> set[str]:
        """Return those of the calls that the account of this name has opened, as the audit has it."""
        theirs = (AUDIT.c.subject.in_(call_ids), AUDIT.c.who == who, AUDIT.c.what == Audited.CALL_OPENED.value)
        with transaction(self._engine) as connection:
            return set(connection.scalars(select(AUDIT.c.subject).where(*theirs).distinct()))

    def faults(self) -> list[str]:
        """Return the codes of all faults any call had, sorted."""
        query = select(CALL_MARKS.c.value).where(CALL_MARKS.c.kind == Mark.FAULT).distinct()
        with transaction(self._engine) as connection:
            return sorted(connection.scalars(query))


def _query(connection: Connection, wanted: CallFilter) -> tuple[Select[Any], Any]:
    """Return the query, not ordered yet, and the place of a call in the list: (started_at, call_id).

    Calls are read in the order of the list until a page is full. Marks are kept in that order, too, so the rarest mark
    leads; the others are looked up for the calls it leads to. A common mark leads only where nothing else is asked for.
    """
    source: Any = CALL_INDEX
    place = tuple_(CALL_INDEX.c.started_at, CALL_INDEX.c.call_id)
    found = conditions(wanted)
    only_marks = wanted == CallFilter(marks=wanted.marks)
    for number, ((kind, value), calls) in enumerate(_rarest_first(connection, wanted)):
        mark = CALL_MARKS.alias(f"mark{number}")
        this_one = and_(mark.c.kind == kind, mark.c.value == value)
        same_call, same_time = mark.c.call_id == CALL_INDEX.c.call_id, mark.c.started_at == CALL_INDEX.c.started_at
        if number == 0 and (only_marks or calls < COMMON):
            # SQLite finds a row by both. PostgreSQL would take them for two chances, and expect next to no calls.
            source = source.join(mark, and_(same_call, same_time) if connection.dialect.name == "sqlite" else same_call)
            found.append(this_one)
            place = tuple_(mark.c.started_at, mark.c.call_id)
        else:
            # The offset keeps PostgreSQL from gathering all calls with the mark first, however many have it.
            found.append(select(mark.c.call_id).where(same_call, same_time, this_one).offset(0).exists())
    source = source.outerjoin(CALL_BACKS, CALL_BACKS.c.call_id == CALL_INDEX.c.call_id)
    query = select(CALL_INDEX, CALL_BACKS.c.number).select_from(source).where(*found)
    return query, place


def _rarest_first(connection: Connection, wanted: CallFilter) -> list[tuple[tuple[Mark, str], int]]:
    """Return the marks with the calls that have each, counted up to COMMON; one that stands alone is not counted."""
    if wanted == CallFilter(marks=wanted.marks) and len(wanted.marks) == 1:
        return [(mark, 0) for mark in wanted.marks]
    return sorted(((mark, _rarity(connection, *mark)) for mark in wanted.marks), key=itemgetter(1))


def _rarity(connection: Connection, kind: Mark, value: str) -> int:
    some = select(CALL_MARKS.c.call_id).where(CALL_MARKS.c.kind == kind, CALL_MARKS.c.value == value).limit(COMMON)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


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
