"""The index says of every call what its record says, whatever was written in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from tests.calls.given import NOON, place_call
from tests.storage.given import start
from voicebot.calls.entries import Entry
from voicebot.calls.facts import FACTS_VERSION, RINGING, read_facts
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import Decided, Say, Target, Transfer
from voicebot.dialog.events import Fault, Heard, NoInput, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_index import Mark, outdated_calls, rebuild
from voicebot.storage.call_search import CallSearch
from voicebot.storage.tables import CALL_INDEX, CALL_MARKS, ENTRIES

DECIDED = Decided({"urgency": 5, "rules": [{"id": "stroke-face", "level": 5, "because": {}}]}, [])


@pytest.fixture(params=["sqlite", "postgresql"])
def indexed(request):
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def search(indexed):
    return CallSearch(indexed.engine)


def append(store, call_id, *messages):
    known = len(store.load(call_id))
    store.append(call_id, [Entry(known + offset, message) for offset, message in enumerate(messages)])


def marks(store, call_id):
    with store.engine.begin() as connection:
        rows = connection.execute(select(CALL_MARKS).where(CALL_MARKS.c.call_id == call_id)).all()
    return {(row.kind, row.value) for row in rows}


def everything(store):
    with store.engine.begin() as connection:
        return [{tuple(row) for row in connection.execute(select(table))} for table in (CALL_INDEX, CALL_MARKS)]


def test_a_call_is_in_the_index_from_its_first_moment(indexed, search):
    call = start(indexed)
    found = search.call(call.call_id)
    assert (found.started_at, found.channel, found.over) == (call.started_at, call.channel, False)
    assert (found.urgency, found.outcome, found.answers, found.review_state) == (None, None, 0, "new")


def test_the_index_follows_the_record_turn_by_turn(indexed, search):
    call_id = start(indexed).call_id
    append(indexed, call_id, NoInput(1000), Say(("no_input.1",)))
    assert search.call(call_id).reprompts == 1
    append(indexed, call_id, Heard(5000, Meaning.YES, 0.91, "yes it is", 3000, 4400))
    found = search.call(call_id)
    assert (found.answers, found.lowest_confidence, found.duration_ms) == (1, 0.91, 5000)
    assert found.last_event_at == NOON + timedelta(seconds=5)
    append(indexed, call_id, Fault(6000, "ears_failed"), Transfer(Target.NURSE))
    assert (search.call(call_id).faults, search.call(call_id).transfer) == (1, RINGING)
    assert marks(indexed, call_id) == {("fault", "ears_failed"), ("word", "yes"), ("word", "it"), ("word", "is")}


def test_what_was_decided_and_taken_back_leaves_the_index(indexed, search):
    call_id = start(indexed).call_id
    append(indexed, call_id, Heard(1000, Meaning.YES, 0.99), DECIDED)
    assert search.call(call_id).urgency == 5
    assert (Mark.RULE, "stroke-face") in marks(indexed, call_id)
    append(indexed, call_id, SecondThought(1500, Meaning.NO))
    assert search.call(call_id).urgency is None
    assert marks(indexed, call_id) == set()


def test_a_call_that_is_over_ended_as_it_says_itself(indexed, search):
    call_id = start(indexed).call_id
    assert indexed.end_call(call_id, NOON, Outcome.HUNG_UP, 3)
    found = search.call(call_id)
    assert (found.over, found.outcome, found.urgency) == (True, Outcome.HUNG_UP, 3)


def test_whole_calls_are_indexed_as_they_fold(indexed, search, ruleset):
    for yes in ((), ("q.saddle",), ("q.face_droop",)):
        call_id = place_call(indexed, ruleset, *yes)
        facts, found = read_facts(indexed.load(call_id)), search.call(call_id)
        assert (found.urgency, found.answers, found.duration_ms) == (facts.urgency, facts.answers, facts.duration_ms)
        assert {value for kind, value in marks(indexed, call_id) if kind == "rule"} == set(facts.rules)


def test_words_that_are_deleted_are_not_found_any_more(indexed, search):
    call_id = start(indexed).call_id
    append(indexed, call_id, Heard(1000, None, 0.3, "my left Leg [unk]"), Fault(1100, "ears_failed"))
    assert [one.call_id for one in search.page(CallFilter(marks=[(Mark.WORD, "leg")])).calls] == [call_id]
    indexed.delete_words(call_id)
    assert search.page(CallFilter(marks=[(Mark.WORD, "leg")])).calls == []
    assert marks(indexed, call_id) == {("fault", "ears_failed")}


def test_a_record_that_cannot_be_folded_is_written_all_the_same(indexed, search):
    call_id = start(indexed).call_id
    append(indexed, call_id, Decided({"urgency": "high", "rules": "none"}, []), NoInput(500))
    assert len(indexed.load(call_id)) == 2
    assert search.call(call_id).last_event_at > NOON
    assert outdated_calls(indexed.engine) == 1


def test_a_lost_index_is_made_again_as_it_was(indexed, ruleset):
    for yes in ("q.saddle", "q.face_droop"):
        place_call(indexed, ruleset, yes)
    kept = everything(indexed)
    with indexed.engine.begin() as connection:
        connection.execute(delete(CALL_MARKS))
        connection.execute(delete(CALL_INDEX))
    assert outdated_calls(indexed.engine) == 2
    assert list(rebuild(indexed.engine)) == [2]
    assert everything(indexed) == kept
    assert outdated_calls(indexed.engine) == 0


def test_rows_of_an_older_version_are_made_again_and_keep_their_review(indexed, search, ruleset):
    call_id = place_call(indexed, ruleset, "q.saddle")
    with indexed.engine.begin() as connection:
        connection.execute(
            update(CALL_INDEX).values(facts_version=FACTS_VERSION - 1, urgency=0, review_state="settled")
        )
    list(rebuild(indexed.engine))
    assert (search.call(call_id).urgency, search.call(call_id).review_state) == (4, "settled")


def test_one_broken_record_does_not_keep_the_others_from_being_made_again(indexed, ruleset):
    broken, whole = place_call(indexed, ruleset), place_call(indexed, ruleset)
    with indexed.engine.begin() as connection:
        connection.execute(update(ENTRIES).where(ENTRIES.c.call_id == broken, ENTRIES.c.seq == 0).values(body={}))
        connection.execute(delete(CALL_MARKS))
        connection.execute(delete(CALL_INDEX))
    list(rebuild(indexed.engine))
    assert outdated_calls(indexed.engine) == 1
    assert CallSearch(indexed.engine).call(whole).answers > 0
