"""The store on disk: SQLite embedded, PostgreSQL when one machine is outgrown. One code path for both."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from typing_extensions import override

from voicebot.calls.outcome import Outcome
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import PreferredTime
from voicebot.dialog.events import Channel
from voicebot.errors import VoicebotError
from voicebot.storage import callers, given_numbers, pages, record_rows
from voicebot.storage.call_index import forget_words, index_call, index_new, index_words
from voicebot.storage.engine import reading, transaction, writing
from voicebot.storage.review_tables import CORRECTIONS
from voicebot.storage.rows import AudioFile, CallBackRow, CallRow, Side
from voicebot.storage.running import Known, Running
from voicebot.storage.store import (
    CallStore,
    call_exists,
    check_consecutive,
    event_time,
    how_it_ended,
    record_conflict,
    split_words,
    unknown_call,
    unknown_ruleset,
)
from voicebot.storage.tables import AUDIO, CALL_BACKS, CALLS, RULESETS, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, Connection, Engine, Row, Select, Table

    from voicebot.calls.entries import Entry
    from voicebot.storage.rows import PageRow

_THIS_CALL: BindParameter[str] = bindparam("this_call")
_ADD_CALL = insert(CALLS)
_BY_ID = select(CALLS).where(CALLS.c.call_id == bindparam("wanted"))
_BY_SID = select(CALLS).where(CALLS.c.call_sid == bindparam("wanted"))
_SPEND_TOKEN = (
    update(CALLS)
    .where(CALLS.c.call_id == _THIS_CALL, CALLS.c.stream_token_used_at.is_(None))
    .values(stream_token_used_at=bindparam("now"))
)
_END_CALL = update(CALLS).where(CALLS.c.call_id == _THIS_CALL, CALLS.c.ended_at.is_(None)).returning(CALLS)


class SqlStore(CallStore):
    """Calls in a database whose tables are there (see `voicebot.storage.migrate.upgrade`)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._running = Running()
        self._kept: set[str] = set()
        """Rule sets that are in the database: none is ever taken out."""

    @override
    def close(self) -> None:
        self.engine.dispose()

    # Records

    @override
    def append(self, call_id: str, entries: Sequence[Entry]) -> None:
        if entries:
            self._append(call_id, entries, None)

    @override
    def finish(self, call_id: str, entries: Sequence[Entry], ended_at: datetime) -> None:
        self._append(call_id, entries, ended_at)

    def _append(self, call_id: str, entries: Sequence[Entry], ended_at: datetime | None) -> None:
        check_consecutive(entries)
        split = [split_words(entry) for entry in entries]
        known = self._running.get(call_id, entries[0].seq) or self._read(call_id, entries[0].seq)
        record = None if known.record is None else (*known.record, *(entry for entry, _ in split))
        if ended_at and record is None:
            raise record_conflict()
        with writing(self.engine) as connection:
            call = record_rows.append(connection, call_id, known.started_at, split)
            if ended_at and record is not None:
                call = _end(connection, call_id, ended_at, *how_it_ended(record)) or call
            marks = index_call(connection, call, record, known.marks)
            if said := [words for _, words in split if words is not None]:
                index_words(connection, call, said)
        self._running.keep(call_id, None if ended_at else Known(known.started_at, record, marks))

    @override
    def load(self, call_id: str) -> list[Entry]:
        with reading(self.engine) as connection:
            standing = record_rows.standing(connection, call_id)
        if standing is None:
            raise unknown_call()
        if (known := self._running.get(call_id, standing.length)) and known.record is not None:
            return standing.with_words(known.record)
        with reading(self.engine) as connection:
            return standing.with_words(record_rows.bodies(connection, call_id, standing.length))

    def _read(self, call_id: str, length: int) -> Known:
        """Return what the database tells of a call; without its record when that is not so long, or broken."""
        with reading(self.engine) as connection:
            standing = record_rows.standing(connection, call_id)
        if standing is None:
            raise unknown_call()
        record = None
        if standing.length == length:
            with reading(self.engine) as connection, contextlib.suppress(VoicebotError):
                record = tuple(record_rows.bodies(connection, call_id, length))
        return Known(standing.started_at, record, None)

    @override
    def delete_words(self, call_id: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(delete(WORDS).where(WORDS.c.call_id == call_id))
            connection.execute(delete(CORRECTIONS).where(CORRECTIONS.c.call_id == call_id))
            forget_words(connection, call_id)

    # Calls

    @override
    def add_call(
        self, call: CallRow, ruleset: RuleSetSnapshot, record: Sequence[Entry] = (), mark: str | None = None
    ) -> None:
        self._keep_ruleset(ruleset)
        split = [split_words(entry) for entry in record]
        bare = tuple(entry for entry, _ in split)
        call = replace(call, last_event_at=event_time(call.started_at, bare) or call.last_event_at)
        try:
            with writing(self.engine) as connection:
                connection.execute(_ADD_CALL, _values(CALLS, call) | {"length": len(bare)})
                if split:
                    record_rows.add(connection, call.call_id, call.started_at, split)
                if mark is not None:
                    callers.remember(connection, call.call_id, mark, call.started_at)
                marks = index_new(connection, call, bare)
        except IntegrityError:
            raise call_exists() from None
        self._running.keep(call.call_id, Known(call.started_at, bare, marks))

    @override
    def call(self, call_id: str) -> CallRow:
        found = self._find_call(_BY_ID, call_id)
        if found is None:
            raise unknown_call()
        return found

    @override
    def find_by_sid(self, call_sid: str) -> CallRow | None:
        return self._find_call(_BY_SID, call_sid)

    @override
    def spend_stream_token(self, call_id: str, now: datetime) -> bool:
        with writing(self.engine) as connection:
            return connection.execute(_SPEND_TOKEN, {"this_call": call_id, "now": now}).rowcount == 1

    @override
    def end_call(self, call_id: str, ended_at: datetime, outcome: Outcome, urgency: int | None) -> bool:
        with writing(self.engine) as connection:
            call = _end(connection, call_id, ended_at, outcome, urgency)
            if call is not None:
                known = self._running.get(call_id, call.length)
                index_call(connection, call, known.record if known else None, known.marks if known else None)
        self._running.keep(call_id, None)
        return call is not None

    @override
    def live_calls(self, since: datetime) -> int:
        running = and_(CALLS.c.ended_at.is_(None), CALLS.c.last_event_at >= since, CALLS.c.channel != Channel.WEB)
        with transaction(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(CALLS).where(running)) or 0

    @override
    def list_calls(self, limit: int = 50, before: str | None = None) -> list[CallRow]:
        place = tuple_(CALLS.c.started_at, CALLS.c.call_id)
        query = select(CALLS).order_by(CALLS.c.started_at.desc(), CALLS.c.call_id.desc()).limit(limit)
        if before is not None:
            older_than = self.call(before)
            query = query.where(place < tuple_(older_than.started_at, older_than.call_id))
        with transaction(self.engine) as connection:
            return [_call_row(row) for row in connection.execute(query)]

    @override
    def open_calls(self) -> list[str]:
        with transaction(self.engine) as connection:
            return list(connection.scalars(select(CALLS.c.call_id).where(CALLS.c.ended_at.is_(None))))

    @override
    def call_ids(self) -> list[str]:
        with transaction(self.engine) as connection:
            return list(connection.scalars(select(CALLS.c.call_id).order_by(CALLS.c.started_at, CALLS.c.call_id)))

    # What belongs to a call

    @override
    def ruleset(self, sha256: str) -> RuleSetSnapshot:
        with transaction(self.engine) as connection:
            row = connection.execute(select(RULESETS).where(RULESETS.c.sha256 == sha256)).mappings().one_or_none()
        if row is None:
            raise unknown_ruleset()
        return RuleSetSnapshot(**row)

    @override
    def add_audio(self, files: Sequence[AudioFile]) -> None:
        if not files:
            return
        try:
            with writing(self.engine) as connection:
                connection.execute(insert(AUDIO), [_values(AUDIO, file) for file in files])
        except IntegrityError:
            raise unknown_call() from None

    @override
    def audio(self, call_id: str) -> list[AudioFile]:
        query = select(AUDIO).where(AUDIO.c.call_id == call_id).order_by(AUDIO.c.starts_at_ms, AUDIO.c.side)
        with transaction(self.engine) as connection:
            rows = connection.execute(query).mappings()
            return [AudioFile(**{**row, "side": Side(row["side"])}) for row in rows]

    @override
    def forget_audio(self, call_id: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(delete(AUDIO).where(AUDIO.c.call_id == call_id))

    # Call backs

    @override
    def give_number(self, call_id: str, number: str) -> None:
        with writing(self.engine) as connection:
            given_numbers.give(connection, call_id, number)

    @override
    def call_backs(self, *, done: bool = False) -> list[CallBackRow]:
        wanted = CALL_BACKS.c.done_at.is_not(None) if done else CALL_BACKS.c.done_at.is_(None)
        query = select(CALL_BACKS).where(wanted).order_by(CALL_BACKS.c.asked_at, CALL_BACKS.c.call_id)
        with transaction(self.engine) as connection:
            rows = connection.execute(query).mappings()
            return [CallBackRow(**{**row, "preferred": PreferredTime(row["preferred"])}) for row in rows]

    @override
    def keep_number(self, call_id: str, number: str) -> bool:
        return self._update_call_back(call_id, CALL_BACKS.c.number.is_(None), number=number)

    @override
    def call_back_done(self, call_id: str, now: datetime) -> bool:
        return self._update_call_back(call_id, number=None, done_at=now)

    def _update_call_back(self, call_id: str, *conditions: ColumnElement[bool], **values: object) -> bool:
        open_one = and_(CALL_BACKS.c.call_id == call_id, CALL_BACKS.c.done_at.is_(None), *conditions)
        with writing(self.engine) as connection:
            return connection.execute(update(CALL_BACKS).where(open_one).values(values)).rowcount == 1

    # Who calls again

    @override
    def latest_from(self, mark: str, at: datetime) -> CallRow | None:
        with reading(self.engine) as connection:
            row = callers.latest(connection, mark, at)
        return _call_row(row) if row else None

    # Pages to staff

    @override
    def pages(self, *, open_only: bool = True) -> list[PageRow]:
        with transaction(self.engine) as connection:
            return pages.find(connection, open_only=open_only)

    @override
    def acknowledge_page(self, page_id: str, by: str, at: datetime) -> bool:
        with writing(self.engine) as connection:
            return pages.acknowledge(connection, page_id, by, at)

    @override
    def unsent_pages(self) -> list[PageRow]:
        with transaction(self.engine) as connection:
            return pages.find(connection, open_only=True, unsent_only=True)

    @override
    def page_sent(self, page_id: str, at: datetime) -> bool:
        with writing(self.engine) as connection:
            return pages.sent(connection, page_id, at)

    def _keep_ruleset(self, ruleset: RuleSetSnapshot) -> None:
        if ruleset.sha256 in self._kept:
            return
        with reading(self.engine) as connection:
            kept = connection.scalar(select(RULESETS.c.id).where(RULESETS.c.sha256 == ruleset.sha256))
        if kept is None:
            # Another process may keep it at the same moment; then it is kept, which is all that is wanted.
            with contextlib.suppress(IntegrityError), writing(self.engine) as connection:
                connection.execute(insert(RULESETS).values(_values(RULESETS, ruleset)))
        self._kept.add(ruleset.sha256)

    def _find_call(self, query: Select[Any], wanted: str) -> CallRow | None:
        with reading(self.engine) as connection:
            row = connection.execute(query, {"wanted": wanted}).one_or_none()
        return _call_row(row) if row else None


def _end(
    connection: Connection, call_id: str, ended_at: datetime, outcome: Outcome, urgency: int | None
) -> Row[Any] | None:
    """Mark a call as over; return its row, None when it was over already."""
    end = {"this_call": call_id, "ended_at": ended_at, "outcome": outcome.value, "urgency": urgency}
    call = connection.execute(_END_CALL, end).one_or_none()
    if call is not None:
        given_numbers.forget(connection, call_id)
    return call


def _values(table: Table, row: object) -> dict[str, Any]:
    """Return the values of `row` for those columns of `table` that it has."""
    return {column.name: getattr(row, column.name) for column in table.columns if hasattr(row, column.name)}


def _call_row(row: Row[Any]) -> CallRow:
    return CallRow(
        call_id=row.call_id,
        call_sid=row.call_sid,
        channel=Channel(row.channel),
        started_at=row.started_at,
        last_event_at=row.last_event_at,
        ruleset_sha256=row.ruleset_sha256,
        stream_token=row.stream_token,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        urgency=row.urgency,
    )
