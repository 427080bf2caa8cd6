"""Writers of one process: they take turns, share commits, and none goes on before what it wrote is durable."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from voicebot.errors import VoicebotError
from voicebot.storage import writers
from voicebot.storage.engine import open_engine, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

MANY = 8


class Notes:
    """A table of numbers, and writers who are all in line before the first of them has written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = open_engine(f"sqlite:///{path}")
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notes (number INTEGER PRIMARY KEY)")
        self.commits = 0
        event.listen(self.engine, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def write(self, number: int, *, trouble: Exception | None = None) -> None:
        with writing(self.engine) as connection:
            connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (number,))
            if trouble:
                raise trouble

    def durable(self) -> set[int]:
        """What another process would see."""
        with closing(sqlite3.connect(self.path)) as other:
            return {number for (number,) in other.execute("SELECT number FROM notes")}

    def together(self, *writes: object) -> list[BaseException | None]:
        """Let `writes` come in this order while another writer has the turn; return what each raised."""
        waiting = threading.Semaphore(0)

        def run(write) -> None:
            waiting.release()
            write()

        with ThreadPoolExecutor(len(writes)) as pool, writing(self.engine):
            running = []
            for write in writes:
                running.append(pool.submit(run, write))
                waiting.acquire()
                pause.wait(0.05)
        return [one.exception() for one in running]


pause = threading.Event()
"""Never set: to give a thread the time to get in line."""


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    made = Notes(tmp_path / "notes.db")
    yield made
    made.engine.dispose()


def test_what_was_written_is_durable_when_the_block_is_left(notes: Notes) -> None:
    notes.write(1)
    assert notes.durable() == {1}


def test_nobody_sees_what_is_not_committed_yet(notes: Notes) -> None:
    with writing(notes.engine) as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES (1)")
        assert notes.durable() == set()


def test_those_who_wait_share_one_commit_and_each_sees_it_done(notes: Notes) -> None:
    seen = {}

    def write(number: int) -> None:
        notes.write(number)
        seen[number] = number in notes.durable()

    assert notes.together(*[lambda number=number: write(number) for number in range(MANY)]) == [None] * MANY
    assert seen == dict.fromkeys(range(MANY), True)
    assert notes.commits < MANY / 2


def test_no_more_share_a_commit_than_may(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MOST", 2)
    notes.together(*[lambda number=number: notes.write(number) for number in range(MANY)])
    assert notes.commits >= MANY / 2
    assert notes.durable() == set(range(MANY))


@pytest.mark.parametrize("place", [0, 1, MANY])
@pytest.mark.parametrize("trouble", [ValueError("changed its mind"), KeyboardInterrupt()])
def test_who_is_refused_takes_nothing_of_the_others_along(notes: Notes, place: int, trouble: Exception) -> None:
    writes = [lambda number=number: notes.write(number) for number in range(MANY)]
    writes.insert(place, lambda: notes.write(99, trouble=trouble))
    raised = notes.together(*writes)
    assert raised.pop(place) is trouble
    assert raised == [None] * MANY
    assert notes.durable() == set(range(MANY))


def test_the_first_alone_is_refused_as_a_whole(notes: Notes) -> None:
    with pytest.raises(ValueError, match="no"):
        notes.write(1, trouble=ValueError("no"))
    assert notes.durable() == set()
    notes.write(2)
    assert notes.durable() == {2}


def test_of_two_with_one_key_the_second_is_told_so_once_the_first_is_durable(notes: Notes) -> None:
    seen = []

    def again() -> None:
        try:
            notes.write(1)
        finally:
            seen.append(notes.durable())

    raised = notes.together(lambda: notes.write(1), again, lambda: notes.write(2))
    assert isinstance(raised[1], IntegrityError)
    assert (raised[0], raised[2]) == (None, None)
    assert 1 in seen[0]
    assert notes.durable() == {1, 2}


def test_a_statement_that_fails_is_its_writers_own_trouble(notes: Notes) -> None:
    def broken() -> None:
        with writing(notes.engine) as connection:
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    raised = notes.together(lambda: notes.write(1), broken, lambda: notes.write(2))
    assert [getattr(error, "code", error) for error in raised] == [None, "store_failed", None]
    assert notes.durable() == {1, 2}


def hopeful(notes: Notes, number: int, told: list[str]) -> None:
    """Write a note; what becomes of it is added to what was told if it fails."""
    try:
        notes.write(number)
    except VoicebotError as error:
        told.append(error.code)


def test_a_transaction_that_the_database_drops_is_refused_to_all_in_it(notes: Notes) -> None:
    told: list[str] = []

    def dropped() -> None:
        with writing(notes.engine) as connection:
            connection.exec_driver_sql("INSERT OR ROLLBACK INTO notes VALUES (1)")

    with pytest.raises(VoicebotError):  # who had the turn is in it, too
        notes.together(lambda: hopeful(notes, 1, told), dropped, lambda: hopeful(notes, 2, told))
    assert told == ["store_failed"]
    assert notes.durable() == {2}


def test_a_commit_that_fails_is_told_to_all(notes: Notes) -> None:
    told: list[str] = []

    def refuse(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))

    event.listen(notes.engine, "commit", refuse)
    with pytest.raises(VoicebotError):
        notes.together(lambda: hopeful(notes, 1, told), lambda: hopeful(notes, 2, told))
    event.remove(notes.engine, "commit", refuse)
    assert told == ["store_failed"] * 2
    assert notes.durable() == set()
    notes.write(3)
    assert notes.durable() == {3}


def test_who_waited_too_long_goes_beside_the_others(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "TURN_S", 0.01)
    with ThreadPoolExecutor(1) as pool, writing(notes.engine) as connection:
        late = pool.submit(notes.write, 2)
        pause.wait(0.2)  # it has left the line, and waits for the database as another process would
        connection.exec_driver_sql("INSERT INTO notes VALUES (1)")
    assert late.exception() is None
    assert notes.durable() == {1, 2}
    notes.write(3)
    assert notes.durable() == {1, 2, 3}


def test_a_database_that_another_process_holds_keeps_nobody_for_ever(notes: Notes) -> None:
    with closing(sqlite3.connect(notes.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(VoicebotError) as raised:
            notes.write(1)
        other.execute("ROLLBACK")
    assert raised.value.code == "store_failed"
    notes.write(2)
    assert notes.durable() == {2}


def test_many_writers_at_once_all_write(notes: Notes) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 20):
            notes.write(number)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(write, range(0, 20 * MANY, 20)))
    assert notes.durable() == set(range(20 * MANY))
    assert notes.commits < 20 * MANY


def test_writers_of_another_database_do_not_wait(notes: Notes, tmp_path: Path) -> None:
    other = Notes(tmp_path / "other.db")
    with writing(notes.engine):
        other.write(1)
    assert other.durable() == {1}
    other.engine.dispose()
