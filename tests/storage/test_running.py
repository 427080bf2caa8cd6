"""Records of calls that go on, remembered beside the database: never other than it would tell them."""

from __future__ import annotations

import pytest

from tests.storage.conftest import open_sql_store
from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.dialog.events import Fault, Heard, HungUp, NoInput
from voicebot.dialog.meaning import Meaning
from voicebot.storage import running
from voicebot.storage.call_search import CallSearch
from voicebot.storage.running import Known, Running


def entries(*places):
    return [Entry(place, NoInput(place * 100)) for place in places]


def known(*places):
    return Known(NOON, tuple(entries(*places)), frozenset())


@pytest.fixture
def elsewhere(database, sql_store):
    """The same database, as another process has it."""
    yield from open_sql_store(database)


def test_a_record_is_told_to_who_knows_its_length():
    calls = Running()
    calls.keep("a", known(0, 1))
    assert calls.get("a", 2) == known(0, 1)
    assert calls.get("a", 1) is None
    assert calls.get("a", 3) is None
    assert calls.get("b", 0) is None


def test_a_record_that_could_not_be_read_is_not_told():
    calls = Running()
    calls.keep("a", Known(NOON, None, None))
    assert calls.get("a", 0) is None


def test_a_call_that_is_over_is_forgotten():
    calls = Running()
    calls.keep("a", known(0))
    calls.keep("a", None)
    assert calls.get("a", 1) is None


def test_of_too_many_the_one_silent_longest_is_forgotten(monkeypatch):
    monkeypatch.setattr(running, "MOST", 2)
    calls = Running()
    for call in "abac":
        calls.keep(call, known(0))
    assert calls.get("b", 1) is None
    assert calls.get("a", 1) == calls.get("c", 1) == known(0)


def test_what_another_process_wrote_is_told_as_soon_as_it_is_written(sql_store, elsewhere):
    call_id = start(sql_store, record=entries(0)).call_id
    elsewhere.append(call_id, [Entry(1, Heard(500, Meaning.YES, 0.9, words="yes"))])
    assert sql_store.load(call_id) == elsewhere.load(call_id)
    assert len(sql_store.load(call_id)) == 2
    sql_store.append(call_id, [Entry(2, Fault(900, "ears_failed"))])
    assert elsewhere.load(call_id) == sql_store.load(call_id)
    found = CallSearch(sql_store.engine).call(call_id)
    assert (found.answers, found.faults) == (1, 1)


def test_words_that_another_process_deleted_are_told_no_more(sql_store, elsewhere):
    call_id = start(sql_store, record=[Entry(0, Heard(500, Meaning.YES, 0.9, words="yes"))]).call_id
    assert sql_store.load(call_id)[0].message.words == "yes"
    elsewhere.delete_words(call_id)
    assert sql_store.load(call_id)[0].message.words is None


def test_a_call_that_another_process_ended_stays_over_in_the_index(sql_store, elsewhere):
    call_id = start(sql_store, record=entries(0)).call_id
    elsewhere.finish(call_id, [Entry(1, HungUp(500))], NOON)
    sql_store.append(call_id, [Entry(2, HungUp(600))])
    assert CallSearch(sql_store.engine).call(call_id).over
