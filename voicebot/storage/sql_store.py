"""The store on disk: SQLite embedded, PostgreSQL when one machine is outgrown. One code path for both."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from typing_extensions import override

from voicebot.calls.entries import Entry, message_from_json, message_to_json
from voicebot.calls.outcome import Outcome
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import PreferredTime
from voicebot.dialog.events import Channel, Event
from voicebot.storage import callers, given_numbers, pages
from voicebot.storage.call_index import forget_words, index_call, index_words
from voicebot.storage.engine import transaction, writing
from voicebot.storage.review_tables import CORRECTIONS
from voicebot.storage.rows import AudioFile, CallBackRow, CallRow, Side
from voicebot.storage.running import Running
from voicebot.storage.store import (
    CallStore,
    call_back_in,
    call_exists,
    check_consecutive,
    event_time,
    join_words,
    record_conflict,
    split_words,
    unknown_call,
    unknown_ruleset,
)
from voicebot.storage.tables import AUDIO, CALL_BACKS, CALLS, ENTRIES, RULESETS, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Row, Table

    from voicebot.storage.rows import PageRow


class SqlStore(CallStore):
    """Calls in a database whose tables are there (see `voicebot.storage.migrate.upgrade`)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._running = Running()

    @override
    def close(self) -> None:
        self.engine.dispose()

    # Records

    @override
    def append(self, call_id: str, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        check_consecutive(entries)
        split = [split_words(entry) for entry in entries]
        spoken = [{"call_id": call_id, "seq": entry.seq, "words": words} for entry, words in split if words is not None]
        record = self._running.with_more(call_id, [entry for entry, _ in split])
        with writing(self.engine) as connection:
            # Taking the next place is the first write: whoever comes second sees that the record is longer by now.
            started_at = connection.scalar(
                update(CALLS)
                .where(CALLS.c.call_id == call_id, CALLS.c.length == entries[0].seq)
                .values(length=entries[-1].seq + 1)
                .returning(CALLS.c.started_at)
            )
            if started_at is None:
                known = connection.scalar(select(CALLS.c.call_id).where(CALLS.c.call_id == call_id))
                raise record_conflict() if known else unknown_call()
            connection.execute(insert(ENTRIES), [_entry_values(call_id, entry) for entry, _ in split])
            if spoken:
                connection.execute(insert(WORDS), spoken)
            if (at := event_time(started_at, entries)) is not None:
                connection.execute(update(CALLS).where(CALLS.c.call_id == call_id).values(last_event_at=at))
            if asked := call_back_in(call_id, started_at, entries):
                _note_call_back(connection, asked)
            pages.note(connection, pages.pages_in(call_id, started_at, entries))
            index_call(connection, call_id, record)
            if spoken:
                index_words(connection, call_id, [words for _, words in split if words is not None])
        self._running.keep(call_id, record)

    @override
    def load(self, call_id: str) -> list[Entry]:
        words = and_(WORDS.c.call_id == ENTRIES.c.call_id, WORDS.c.seq == ENTRIES.c.seq)
        with transaction(self.engine) as connection:
            rows = connection.execute(
                select(ENTRIES.c.seq, ENTRIES.c.body, WORDS.c.words)
                .join(WORDS, words, isouter=True)
                .where(ENTRIES.c.call_id == call_id)
                .order_by(ENTRIES.c.seq)
            ).all()
        if not rows:
            self.call(call_id)  # tells an empty record from an unknown call
        return [join_words(Entry(row.seq, message_from_json(row.body)), row.words) for row in rows]

    @override
    def delete_words(self, call_id: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(delete(WORDS).where(WORDS.c.call_id == call_id))
            connection.execute(delete(CORRECTIONS).where(CORRECTIONS.c.call_id == call_id))
            forget_words(connection, call_id)

    # Calls

    @override
    def add_call(self, call: CallRow, ruleset: RuleSetSnapshot) -> None:
        self._keep_ruleset(ruleset)
        try:
            with writing(self.engine) as connection:
                connection.execute(insert(CALLS).values(_values(CALLS, call)))
                index_call(connection, call.call_id)
        except IntegrityError:
            raise call_exists() from None

    @override
    def call(self, call_id: str) -> CallRow:
        found = self._find_call(CALLS.c.call_id == call_id)
        if found is None:
            raise unknown_call()
        return found

    @override
    def find_by_sid(self, call_sid: str) -> CallRow | None:
        return self._find_call(CALLS.c.call_sid == call_sid)

    @override
    def spend_stream_token(self, call_id: str, now: datetime) -> bool:
        unused = and_(CALLS.c.call_id == call_id, CALLS.c.stream_token_used_at.is_(None))
        return self._update_call(unused, stream_token_used_at=now)

    @override
    def end_call(self, call_id: str, ended_at: datetime, outcome: Outcome, urgency: int | None) -> bool:
        running = and_(CALLS.c.call_id == call_id, CALLS.c.ended_at.is_(None))
        end = {"ended_at": ended_at, "outcome": outcome.value, "urgency": urgency}
        with writing(self.engine) as connection:
            ended = connection.execute(update(CALLS).where(running).values(end)).rowcount == 1
            if ended:
                given_numbers.forget(connection, call_id)
                index_call(connection, call_id)
        self._running.keep(call_id, None)
        return ended

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
    def remember_caller(self, call_id: str, mark: str, at: datetime) -> str | None:
        with writing(self.engine) as connection:
            callers.remember(connection, call_id, mark, at)
            return callers.latest(connection, mark, other_than=call_id)

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
        with transaction(self.engine) as connection:
            kept = connection.scalar(select(RULESETS.c.id).where(RULESETS.c.sha256 == ruleset.sha256))
        if kept is None:
            # Another process may keep it at the same moment; then it is kept, which is all that is wanted.
            with contextlib.suppress(IntegrityError), writing(self.engine) as connection:
                connection.execute(insert(RULESETS).values(_values(RULESETS, ruleset)))

    def _find_call(self, condition: ColumnElement[bool]) -> CallRow | None:
        with transaction(self.engine) as connection:
            row = connection.execute(select(CALLS).where(condition)).one_or_none()
        return _call_row(row) if row else None

    def _update_call(self, condition: ColumnElement[bool], **values: object) -> bool:
        with writing(self.engine) as connection:
            return connection.execute(update(CALLS).where(condition).values(values)).rowcount == 1


def _note_call_back(connection: Connection, asked: CallBackRow) -> None:
    """Note or withdraw a call back; a number that is known already stays."""
    this_one = CALL_BACKS.c.call_id == asked.call_id
    if asked.preferred is PreferredTime.WITHDRAWN:
        connection.execute(delete(CALL_BACKS).where(this_one))
        return
    values = {"asked_at": asked.asked_at, "preferred": asked.preferred.value, "done_at": None}
    if connection.execute(update(CALL_BACKS).where(this_one).values(values)).rowcount == 0:
        number = given_numbers.given(connection, asked.call_id)
        connection.execute(insert(CALL_BACKS).values(call_id=asked.call_id, number=number, **values))


def _values(table: Table, row: object) -> dict[str, Any]:
    """Return the values of `row` for those columns of `table` that it has."""
    return {column.name: getattr(row, column.name) for column in table.columns if hasattr(row, column.name)}


def _entry_values(call_id: str, entry: Entry) -> dict[str, Any]:
    message = entry.message
    return {
        "call_id": call_id,
        "seq": entry.seq,
        "kind": "event" if isinstance(message, Event) else "effect",
        "type": message.type,
        "at_ms": message.at_ms if isinstance(message, Event) else None,
        "body": message_to_json(message),
    }


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
