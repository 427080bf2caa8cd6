"""What was acknowledged survives a crash, what was refused left nothing behind, no error tells a caller's words."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.storage.conftest import open_sql_store
from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry, Message
from voicebot.dialog.effects import HangUp, Say
from voicebot.dialog.events import Heard, NoInput
from voicebot.dialog.meaning import Meaning
from voicebot.errors import Exit, VoicebotError
from voicebot.storage.engine import open_engine
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.migrate import upgrade

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.sql_store import SqlStore

CANARY = "my left leg is a canary"

WRITER = """
    import sys
    from tests.storage.given import start
    from voicebot.calls.entries import Entry
    from voicebot.dialog.effects import Say
    from voicebot.dialog.events import NoInput
    from voicebot.storage.engine import open_engine
    from voicebot.storage.sql_store import SqlStore

    store = SqlStore(open_engine(sys.argv[1]))
    seq = len(store.load("call"))
    while True:
        store.append("call", [Entry(seq, NoInput(seq)), Entry(seq + 1, Say(("no_input.1",)))])
        seq += 2
        print(seq, flush=True)
"""


def test_no_acknowledged_entry_is_lost_when_the_writer_is_killed(sql_store: SqlStore, database: str) -> None:
    start(sql_store, call_id="call")
    acknowledged = 0
    for run in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), database], stdout=subprocess.PIPE, text=True
        )
        with writer, contextlib.closing(writer.stdout) as lines:
            for _ in range(20 + 13 * run):
                acknowledged = int(lines.readline())
            writer.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *(int(line) for line in lines if line.endswith("\n"))])
        entries = sql_store.load("call")
        assert len(entries) >= acknowledged > 0
        assert [entry.seq for entry in entries] == list(range(len(entries)))
        assert len(entries) % 2 == 0  # an event is never stored without what followed it
    with sql_store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_full_disk_refuses_an_append_whole_and_lets_calls_go_on_when_there_is_room(sql_store: SqlStore) -> None:
    call_id = start(sql_store).call_id
    big = [Entry(seq, Heard(seq, Meaning.YES, 0.9, words=CANARY * 200)) for seq in range(200)]
    with sql_store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    with pytest.raises(VoicebotError) as raised:
        sql_store.append(call_id, big)
    assert (raised.value.code, raised.value.exit_code) == ("store_failed", Exit.CANNOT_RUN)
    assert "SQLITE_FULL" in str(raised.value)
    assert sql_store.load(call_id) == []
    sql_store.close()
    sql_store.append(call_id, big)
    assert sql_store.load(call_id) == big


def test_no_error_tells_what_a_caller_said(store: SqlStore | MemoryStore) -> None:
    call_id = start(store).call_id
    entry = Entry(0, Heard(1, Meaning.YES, 0.9, words=CANARY))
    store.append(call_id, [entry])
    with pytest.raises(VoicebotError) as raised:
        store.append(call_id, [entry])
    assert CANARY not in _everything_told(raised.value)


def test_not_even_a_broken_database_tells_what_a_caller_said(sql_store: SqlStore) -> None:
    call_id = start(sql_store).call_id
    with sql_store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE words")
    with pytest.raises(VoicebotError) as raised:
        sql_store.append(call_id, [Entry(0, Heard(1, Meaning.YES, 0.9, words=CANARY))])
    assert raised.value.code == "store_failed"
    assert CANARY not in _everything_told(raised.value)
    with sql_store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar() == 0


def _everything_told(error: BaseException | None) -> str:
    told = ""
    while error is not None:
        told += repr(error) + str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


@pytest.mark.parametrize("content", [b"this is no database at all, not even a little" * 100, None])
def test_a_file_that_is_no_database_cannot_run(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "voicebot.db"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(VoicebotError) as raised:
        upgrade(open_engine(f"sqlite:///{path}"))
    assert (raised.value.code, raised.value.exit_code) == ("store_failed", Exit.CANNOT_RUN)


@pytest.mark.parametrize("url", ["no url", "sqlit:///x", "postgresql+nothing://x/y"])
def test_a_url_that_names_no_database_cannot_run(url: str) -> None:
    with pytest.raises(VoicebotError) as raised:
        open_engine(url)
    assert raised.value.code == "store_failed"


def messages() -> st.SearchStrategy[Message]:
    spoken = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    times = st.integers(0, 900_000)
    return st.one_of(
        st.builds(Heard, times, st.none() | st.sampled_from(Meaning), st.floats(0, 1), st.none() | spoken),
        st.builds(NoInput, times),
        st.builds(Say, st.lists(spoken, max_size=3).map(tuple), st.booleans()),
        st.builds(HangUp),
    )


class TwoStoresAlike(RuleBasedStateMachine):
    """Whatever is done, and wherever the process ends, the store on disk tells what the one in memory tells."""

    path = ""
    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.memory = MemoryStore()
        self.opened = open_sql_store(type(self).path)
        self.sql = next(self.opened)
        self.mine: list[str] = []

    def both(self, act: str, *arguments: object) -> tuple[object, object]:
        return self._told(self.memory, act, arguments), self._told(self.sql, act, arguments)

    @staticmethod
    def _told(store: SqlStore | MemoryStore, act: str, arguments: tuple[object, ...]) -> object:
        try:
            return getattr(store, act)(*arguments)
        except VoicebotError as error:
            return error.code

    @rule(target=calls)
    def call_comes_in(self) -> str:
        row = start(self.memory)
        start(self.sql, call_id=row.call_id)
        self.mine.append(row.call_id)
        return row.call_id

    @rule(call_id=calls, at=st.integers(0, 6), new=st.lists(messages(), max_size=4))
    def append(self, call_id: str, at: int, new: list[Message]) -> None:
        length = len(self.memory.load(call_id))
        begin = length if at > 2 else max(0, length - 1 + at)
        memory, sql = self.both("append", call_id, [Entry(begin + place, message) for place, message in enumerate(new)])
        assert memory == sql

    @rule(call_id=calls)
    def forget_words(self, call_id: str) -> None:
        self.both("delete_words", call_id)

    @rule(call_id=calls)
    def close(self, call_id: str) -> None:
        memory, sql = self.both("close_call", call_id, NOON)
        assert memory == sql

    @rule()
    def process_ends(self) -> None:
        self.opened.close()
        self.opened = open_sql_store(type(self).path)
        self.sql = next(self.opened)

    @invariant()
    def tell_the_same(self) -> None:
        for call_id in self.mine:
            memory, sql = self.both("load", call_id)
            assert memory == sql
            ended, stored = self.memory.call(call_id), self.sql.call(call_id)
            assert (ended.outcome, ended.last_event_at) == (stored.outcome, stored.last_event_at)

    def teardown(self) -> None:
        self.opened.close()


def test_the_store_on_disk_tells_what_the_one_in_memory_tells(database: str) -> None:
    TwoStoresAlike.path = database
    run_state_machine_as_test(
        TwoStoresAlike,
        settings=settings(
            max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
