"""Which call came from the same telephone before, without its number."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.dialog.events import HungUp
from voicebot.storage.callers import CALLERS, KEPT_FOR

if TYPE_CHECKING:
    from voicebot.storage.sql_store import SqlStore
    from voicebot.storage.store import CallStore

MARK, OTHER = "1" * 64, "2" * 64


def calls(store: CallStore, minutes: float, mark: str = MARK) -> tuple[str, str | None]:
    """Call from a telephone; return the call and the one that was known before it."""
    at = NOON + timedelta(minutes=minutes)
    before = store.latest_from(mark, at)
    return start(store, started_at=at, mark=mark).call_id, before and before.call_id


def test_the_latest_call_from_the_same_telephone_is_told(store: CallStore) -> None:
    _, none = calls(store, 0)
    assert none is None
    second, _ = calls(store, 5)
    calls(store, 6, OTHER)
    _, before = calls(store, 10)
    assert before == second


def test_the_call_is_told_as_it_stands(store: CallStore) -> None:
    call_id, _ = calls(store, 0)
    store.finish(call_id, [Entry(0, HungUp(500))], NOON + timedelta(seconds=1))
    assert store.latest_from(MARK, NOON + timedelta(minutes=1)) == store.call(call_id)


def test_a_call_without_a_mark_is_nobodys(store: CallStore) -> None:
    start(store)
    assert calls(store, 1)[1] is None


def test_another_telephone_has_no_calls_before(store: CallStore) -> None:
    calls(store, 0)
    assert calls(store, 5, OTHER)[1] is None


def test_a_telephone_is_forgotten_with_the_first_call_some_hours_later(sql_store: SqlStore) -> None:
    calls(sql_store, 0)
    calls(sql_store, 1, OTHER)
    calls(sql_store, KEPT_FOR.total_seconds() / 60 + 2, OTHER)
    with sql_store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(CALLERS)) == 1


def test_what_was_forgotten_is_told_no_more(store: CallStore) -> None:
    calls(store, 0)
    assert calls(store, KEPT_FOR.total_seconds() / 60 + 1)[1] is None
