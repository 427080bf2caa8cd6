"""Work nobody waits for: it is done in pieces, goes on where it was, and one bad call keeps no other waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.calls.given import place_call, snapshot
from voicebot.batch.look_through import look_through
from voicebot.batch.worker import CALLS_A_PIECE, Worker
from voicebot.calls.measures import Measure
from voicebot.calls.review_reasons import ReviewReason
from voicebot.staff.replaying import Change, ReplayState
from voicebot.staff.review import Reader
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.replay_store import Chosen, ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.tables import ENTRIES
from voicebot.storage.tally_store import tallies

ANN = Reader("ann", "Ann")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    upgrade(engine)
    yield SqlStore(engine)
    engine.dispose()


@pytest.fixture
def broken_call(store, ruleset):
    call_id = place_call(store, ruleset)
    with store.engine.begin() as connection:
        connection.execute(update(ENTRIES).where(ENTRIES.c.call_id == call_id).values(body={"type": "nonsense"}))
    return call_id


def finish(worker):
    pieces = 0
    while worker.work():
        pieces += 1
    return pieces


def test_calls_are_looked_through_in_pieces_once_each(store, ruleset):
    calls = {place_call(store, ruleset, "q.sit") for _ in range(CALLS_A_PIECE + 1)}
    assert finish(Worker(store, store.engine)) == 2
    assert finish(Worker(store, store.engine)) == 0
    reviews = ReviewStore(store.engine)
    assert all(reviews.find(call_id) for call_id in calls)
    day = NOW.date() - timedelta(days=1)
    counted = tallies(store.engine, day, day)
    assert sum(count for tally, count in counted.items() if tally.measure is Measure.OUTCOME) == len(calls)


def test_a_call_that_cannot_be_read_is_put_up_for_review_and_keeps_no_other_waiting(store, ruleset, broken_call):
    good = place_call(store, ruleset)
    assert look_through(store, store.engine, NOW, 9) == 2
    reviews = ReviewStore(store.engine)
    assert reviews.review(broken_call).reasons == (ReviewReason.FAULT,)
    assert reviews.find(good)


def test_a_replay_goes_on_where_it_was(store, ruleset):
    for _ in range(CALLS_A_PIECE * 2):
        place_call(store, ruleset)
    look_through(store, store.engine, NOW, 99)
    replays = ReplayStore(store.engine)
    replay_id = replays.begin(snapshot(ruleset).sha256, Chosen(), ANN, NOW)
    Worker(store, store.engine).work()
    assert replays.replay(replay_id).done == CALLS_A_PIECE
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE replays SET beat_at = '2026-01-01'")  # as after a restart some time later
    finish(Worker(store, store.engine))
    replay = replays.replay(replay_id)
    assert (replay.state, replay.counts) == (ReplayState.DONE, {Change.SAME: CALLS_A_PIECE * 2})


def test_a_replay_tells_of_a_call_that_cannot_be_read(store, ruleset, broken_call):
    place_call(store, ruleset)
    replays = ReplayStore(store.engine)
    replay_id = replays.begin(snapshot(ruleset).sha256, Chosen(), ANN, NOW)
    finish(Worker(store, store.engine))
    assert replays.replay(replay_id).counts == {Change.SAME: 1, Change.UNREADABLE: 1}


def test_the_thread_does_what_there_is_and_ends(store, ruleset):
    call_id = place_call(store, ruleset)
    worker = Worker(store, store.engine)
    worker.wake()
    worker.wake()
    worker._thread.join(timeout=30)
    assert ReviewStore(store.engine).find(call_id)
    assert not worker._thread.is_alive()
