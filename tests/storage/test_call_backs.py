"""Who is to be called back: noted with the record, in every store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.dialog.effects import CallBack, HangUp, PreferredTime
from voicebot.dialog.events import HungUp, NoInput
from voicebot.errors import VoicebotError
from voicebot.storage.rows import CallBackRow

if TYPE_CHECKING:
    from voicebot.storage.rows import CallRow
    from voicebot.storage.sql_store import SqlStore
    from voicebot.storage.store import CallStore

NUMBER = "+16515550199"


def ask(store: CallStore, call: CallRow, preferred: PreferredTime, seq: int = 0) -> None:
    store.append(call.call_id, [Entry(seq, NoInput(2000 + seq)), Entry(seq + 1, CallBack(preferred))])


def test_a_call_back_is_noted_with_the_entry_that_asks_for_it(store: CallStore, call: CallRow) -> None:
    ask(store, call, PreferredTime.MORNING)
    asked_at = NOON + timedelta(seconds=2)
    assert store.call_backs() == [CallBackRow(call.call_id, asked_at, PreferredTime.MORNING)]
    assert store.call_backs(done=True) == []


def test_entries_that_are_refused_note_nothing(store: CallStore, call: CallRow) -> None:
    with pytest.raises(VoicebotError):
        ask(store, call, PreferredTime.MORNING, seq=5)
    assert store.call_backs() == []


def test_the_last_wish_holds_and_keeps_the_number(store: CallStore, call: CallRow) -> None:
    ask(store, call, PreferredTime.ANY)
    assert store.keep_number(call.call_id, NUMBER)
    ask(store, call, PreferredTime.AFTERNOON, seq=2)
    (row,) = store.call_backs()
    assert (row.preferred, row.number) == (PreferredTime.AFTERNOON, NUMBER)
    store.append(call.call_id, [Entry(4, HungUp(9000)), Entry(5, HangUp())])
    assert store.call_backs() == [row]


def test_a_wish_taken_back_leaves_nothing(store: CallStore, call: CallRow) -> None:
    ask(store, call, PreferredTime.ANY)
    store.keep_number(call.call_id, NUMBER)
    ask(store, call, PreferredTime.WITHDRAWN, seq=2)
    assert store.call_backs() == store.call_backs(done=True) == []
    ask(store, call, PreferredTime.ANY, seq=4)
    assert store.call_backs()[0].number is None


def test_a_number_is_kept_only_for_a_call_back_and_only_once(store: CallStore, call: CallRow) -> None:
    assert not store.keep_number(call.call_id, NUMBER)
    ask(store, call, PreferredTime.ANY)
    assert store.keep_number(call.call_id, NUMBER)
    assert not store.keep_number(call.call_id, "+16515550198")
    assert store.call_backs()[0].number == NUMBER


def test_what_is_done_is_done_once_and_its_number_forgotten(store: CallStore, call: CallRow) -> None:
    assert not store.call_back_done(call.call_id, NOON)
    ask(store, call, PreferredTime.SOON)
    store.keep_number(call.call_id, NUMBER)
    later = NOON + timedelta(hours=1)
    assert store.call_back_done(call.call_id, later)
    assert not store.call_back_done(call.call_id, later + timedelta(hours=1))
    assert not store.keep_number(call.call_id, NUMBER)
    assert store.call_backs() == []
    (row,) = store.call_backs(done=True)
    assert (row.number, row.done_at) == (None, later)


def test_who_asked_first_comes_first(store: CallStore) -> None:
    calls = [start(store, started_at=NOON + timedelta(minutes=minutes)) for minutes in (5, 0, 3)]
    for call in calls:
        ask(store, call, PreferredTime.ANY)
    asked = [row.asked_at for row in store.call_backs()]
    assert asked == sorted(asked)


def test_a_number_is_not_shown_by_accident(store: CallStore, call: CallRow) -> None:
    ask(store, call, PreferredTime.ANY)
    store.keep_number(call.call_id, NUMBER)
    assert NUMBER not in repr(store.call_backs())


def test_a_forgotten_number_is_gone_from_the_disk(sql_store: SqlStore) -> None:
    call = start(sql_store)
    ask(sql_store, call, PreferredTime.ANY)
    sql_store.keep_number(call.call_id, NUMBER)
    assert NUMBER.encode() in on_disk(sql_store)
    sql_store.call_back_done(call.call_id, NOON)
    assert NUMBER.encode() not in on_disk(sql_store)


def on_disk(store: SqlStore) -> bytes:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(store.engine.url.database).read_bytes()
