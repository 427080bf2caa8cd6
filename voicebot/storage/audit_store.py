"""The audit in the database: entries are appended and read, and nothing here changes or deletes one.

The database refuses it as well (audit_guard).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from voicebot.staff.audit_chain import START, Audited, AuditEntry, chained, first_fault
from voicebot.storage.audit_guard import missing_guards
from voicebot.storage.engine import transaction
from voicebot.storage.tables import AUDIT, AUDIT_HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

_THE_HEAD = AUDIT_HEAD.c.id == 1
_AT_ONCE = 1000
"""Entries read at once: the audit of years does not fit into memory."""


class AuditStore:
    """The audit in a database whose tables are there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, at: datetime, who: str, what: Audited, subject: str = "") -> AuditEntry:
        """Write an entry down, durably, before anything else is done; raises VoicebotError `store_failed`."""
        (entry,) = self.append_each(at, who, what, [subject])
        return entry

    def append_each(self, at: datetime, who: str, what: Audited, subjects: Sequence[str]) -> list[AuditEntry]:
        """Write an entry for each subject down, all of them or none; otherwise as `append` does."""
        if not subjects:
            return []
        try:
            return self._append(at, who, what, subjects)
        except IntegrityError:  # two processes wrote the very first entry at once: the head is there by now
            return self._append(at, who, what, subjects)

    def _append(self, at: datetime, who: str, what: Audited, subjects: Sequence[str]) -> list[AuditEntry]:
        with transaction(self._engine) as connection:
            # Moving the head on is the first write: whoever comes second waits, and sees the hash of this entry.
            seq = connection.scalar(
                update(AUDIT_HEAD)
                .where(_THE_HEAD)
                .values(length=AUDIT_HEAD.c.length + len(subjects))
                .returning(AUDIT_HEAD.c.length - len(subjects))
            )
            if seq is None:
                connection.execute(insert(AUDIT_HEAD).values(id=1, length=len(subjects), hash=START))
                seq = 0
            previous = connection.scalar(select(AUDIT_HEAD.c.hash).where(_THE_HEAD)) or START
            entries: list[AuditEntry] = []
            for number, subject in enumerate(subjects):
                entries.append(chained(seq + number, at, who, what, subject, previous))
                previous = entries[-1].hash
            connection.execute(insert(AUDIT), [asdict(entry) for entry in entries])
            connection.execute(update(AUDIT_HEAD).where(_THE_HEAD).values(hash=previous))
        return entries

    def newest(self, limit: int, before: int | None = None, *, who: str = "", subject: str = "") -> list[AuditEntry]:
        """Return the newest entries, those before the entry `before` if it is given, of one account or subject."""
        query = select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.c.seq < before)
        if who:
            query = query.where(AUDIT.c.who == who)
        if subject:
            query = query.where(AUDIT.c.subject == subject)
        with transaction(self._engine) as connection:
            return [_entry(row) for row in connection.execute(query)]

    def all(self) -> Iterator[AuditEntry]:
        """Yield every entry, the first one first; no transaction stays open between stretches."""
        after = None
        while True:
            with transaction(self._engine) as connection:
                stretch = _after(connection, after)
            yield from stretch
            if len(stretch) < _AT_ONCE:
                return
            after = stretch[-1].seq

    def head(self) -> tuple[int, str]:
        """Return how many entries were written, and the hash of the last one."""
        with transaction(self._engine) as connection:
            return _head(connection)

    def fault(self) -> str | None:
        """Return what is wrong with the audit, None when nobody changed it (see audit_chain.first_fault)."""
        with transaction(_of_one_moment(self._engine)) as connection:
            length, head = _head(connection)
            return first_fault(_every_entry(connection), length, head)

    def guarded(self) -> bool:
        """Return whether the database itself refuses to change or delete an entry."""
        with transaction(self._engine) as connection:
            return not missing_guards(connection)


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(AUDIT_HEAD.c.length, AUDIT_HEAD.c.hash).where(_THE_HEAD)).one_or_none()
    return (row.length, row.hash) if row else (0, START)


def _of_one_moment(engine: Engine) -> Engine:
    """Return `engine` with transactions that see nothing of what is appended meanwhile; SQLite's never do."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def _every_entry(connection: Connection) -> Iterator[AuditEntry]:
    after = None
    while stretch := _after(connection, after):
        yield from stretch
        after = stretch[-1].seq


def _after(connection: Connection, seq: int | None) -> list[AuditEntry]:
    query = select(AUDIT).order_by(AUDIT.c.seq).limit(_AT_ONCE)
    if seq is not None:
        query = query.where(AUDIT.c.seq > seq)
    return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.seq, row.at, row.who, row.what, row.subject, row.previous, row.hash)
