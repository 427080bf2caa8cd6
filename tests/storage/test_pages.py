"""Pages to staff: noted with the record, in every store, and open until somebody has seen to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.dialog.effects import PageReason, PageStaff, Say
from voicebot.dialog.events import NoInput
from voicebot.errors import VoicebotError
from voicebot.storage.rows import PageRow
from voicebot.storage.sql_store import SqlStore

if TYPE_CHECKING:
    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore

LATER = NOON + timedelta(minutes=5)


def page(store: CallStore, call: CallRow, *reasons: PageReason, seq: int = 0) -> list[str]:
    entries = [Entry(seq, NoInput(2000)), *(Entry(seq + 1 + at, PageStaff(one)) for at, one in enumerate(reasons))]
    store.append(call.call_id, entries)
    return [f"{call.call_id}.{entry.seq}" for entry in entries[1:]]


def test_a_page_is_noted_with_the_entry_that_raises_it(store: CallStore, call: CallRow) -> None:
    (page_id,) = page(store, call, PageReason.CRISIS)
    expected = PageRow(page_id, call.call_id, PageReason.CRISIS, NOON + timedelta(seconds=2))
    assert store.pages() == store.unsent_pages() == [expected]


def test_entries_that_are_refused_page_nobody(store: CallStore, call: CallRow) -> None:
    with pytest.raises(VoicebotError):
        page(store, call, PageReason.CRISIS, seq=5)
    assert store.pages(open_only=False) == []


def test_other_entries_page_nobody(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, [Entry(0, NoInput(0)), Entry(1, Say(("goodbye",)))])
    assert store.pages() == []


def test_every_page_of_a_call_stands_the_oldest_first(store: CallStore) -> None:
    younger, older = start(store, started_at=LATER), start(store)
    page(store, younger, PageReason.NOT_TAKEN)
    page(store, older, PageReason.REFUSED, PageReason.CRISIS)
    page(store, older, PageReason.NOT_TAKEN, seq=3)
    assert [row.reason for row in store.pages()] == [
        PageReason.REFUSED,
        PageReason.CRISIS,
        PageReason.NOT_TAKEN,
        PageReason.NOT_TAKEN,
    ]
    assert store.pages()[-1].call_id == younger.call_id


def test_a_page_that_somebody_has_seen_to_is_open_no_more(store: CallStore, call: CallRow) -> None:
    (page_id,) = page(store, call, PageReason.REFUSED)
    assert store.acknowledge_page(page_id, "Nurse Joy", LATER)
    assert not store.acknowledge_page(page_id, "Somebody Else", LATER + timedelta(minutes=1))
    assert store.pages() == store.unsent_pages() == [], "nobody is paged for what was seen to"
    (row,) = store.pages(open_only=False)
    assert (row.acknowledged_by, row.acknowledged_at) == ("Nurse Joy", LATER)


def test_a_page_that_was_delivered_stays_open_and_is_not_sent_again(store: CallStore, call: CallRow) -> None:
    (page_id,) = page(store, call, PageReason.REFUSED)
    assert store.page_sent(page_id, LATER)
    assert not store.page_sent(page_id, LATER)
    assert store.unsent_pages() == []
    assert [row.sent_at for row in store.pages()] == [LATER]


def test_there_is_no_page_by_another_name(store: CallStore) -> None:
    assert not store.acknowledge_page("nothing", "Nurse Joy", NOON)
    assert not store.page_sent("nothing", NOON)


def test_a_page_not_delivered_survives_a_restart(sql_store: SqlStore) -> None:
    (page_id,) = page(sql_store, start(sql_store), PageReason.CRISIS)
    sql_store.close()
    assert [row.page_id for row in SqlStore(sql_store.engine).unsent_pages()] == [page_id]
