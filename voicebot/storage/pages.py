"""Pages to staff: their table, and what is done with it inside a transaction of the store. Sends nothing.

For whoever lists them: `CallStore.pages(open_only=True)` and `CallStore.acknowledge_page(page_id, by, at)` give and
take `voicebot.storage.rows.PageRow`. A page is a row of its own, so one that was not delivered survives a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, insert, select, update

from voicebot.dialog.effects import PageReason, PageStaff
from voicebot.storage.rows import PageRow
from voicebot.storage.store import event_time
from voicebot.storage.tables import METADATA, UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from voicebot.calls.entries import Entry

PAGES = Table(
    "pages",
    METADATA,
    Column("page_id", String(80), primary_key=True),
    Column("call_id", ForeignKey("calls.call_id"), nullable=False, index=True),
    Column("reason", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("acknowledged_by", String(100)),
    Column("acknowledged_at", UtcDateTime, index=True),
)


def pages_in(call_id: str, started_at: datetime, entries: Sequence[Entry]) -> list[PageRow]:
    """Return the pages that such `entries` of a call begun at `started_at` raise."""
    return [
        PageRow(f"{call_id}.{entry.seq}", call_id, entry.message.reason, event_time(started_at, entries) or started_at)
        for entry in entries
        if isinstance(entry.message, PageStaff)
    ]


def note(connection: Connection, pages: Sequence[PageRow]) -> None:
    """Add pages."""
    rows = [
        {"page_id": page.page_id, "call_id": page.call_id, "reason": page.reason.value, "at": page.at} for page in pages
    ]
    if rows:
        connection.execute(insert(PAGES), rows)


def find(connection: Connection, *, open_only: bool, unsent_only: bool = False) -> list[PageRow]:
    """Return pages, the oldest first: all, only the open ones, or of these only those still to be sent."""
    query = select(PAGES).order_by(PAGES.c.at, PAGES.c.page_id)
    if open_only:
        query = query.where(PAGES.c.acknowledged_at.is_(None))
    if unsent_only:
        query = query.where(PAGES.c.sent_at.is_(None))
    return [PageRow(**{**row, "reason": PageReason(row["reason"])}) for row in connection.execute(query).mappings()]


def acknowledge(connection: Connection, page_id: str, by: str, at: datetime) -> bool:
    """Note who has seen to a page; False when there is no such open page."""
    still_open = (PAGES.c.page_id == page_id) & PAGES.c.acknowledged_at.is_(None)
    done = update(PAGES).where(still_open).values(acknowledged_by=by, acknowledged_at=at)
    return connection.execute(done).rowcount == 1


def sent(connection: Connection, page_id: str, at: datetime) -> bool:
    """Note that a page was delivered; False when there is no such page still to be sent."""
    to_be_sent = (PAGES.c.page_id == page_id) & PAGES.c.sent_at.is_(None)
    return connection.execute(update(PAGES).where(to_be_sent).values(sent_at=at)).rowcount == 1
