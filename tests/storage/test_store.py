"""The contract every store keeps."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.storage.given import NOON, RULES, start
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import Decided, Say, Target, Transfer
from voicebot.dialog.events import Channel, Heard, HungUp, NoInput, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.storage.rows import AudioFile, CallRow, Side

if TYPE_CHECKING:
    from voicebot.storage.store import CallStore

RECORD = [
    Entry(0, NoInput(1000)),
    Entry(1, Say(("no_input.1",))),
    Entry(2, Heard(2500, Meaning.YES, 0.91, words="yes it is")),
    Entry(3, Decided({"urgency": 4}, [{"rule": "saddle", "saw": {"saddle": "yes"}}])),
    Entry(4, Transfer(Target.NURSE)),
]


def error_code(raised: pytest.ExceptionInfo[VoicebotError]) -> str:
    return raised.value.code


def test_a_record_is_loaded_as_it_was_appended(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, RECORD[:2])
    store.append(call.call_id, RECORD[2:])
    assert store.load(call.call_id) == RECORD


def test_a_new_call_has_an_empty_record(store: CallStore, call: CallRow) -> None:
    assert store.load(call.call_id) == []


def test_appending_nothing_changes_nothing(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, [])
    assert store.load(call.call_id) == []


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([replace(RECORD[0], seq=0)], id="a place that is taken"),
        pytest.param([replace(RECORD[0], seq=3)], id="a place too far on"),
        pytest.param([replace(RECORD[0], seq=2), replace(RECORD[1], seq=4)], id="a gap inside"),
        pytest.param([replace(RECORD[0], seq=2), replace(RECORD[1], seq=2)], id="one place twice"),
    ],
)
def test_entries_that_are_not_the_next_ones_are_refused_as_a_whole(
    store: CallStore, call: CallRow, entries: list[Entry]
) -> None:
    store.append(call.call_id, RECORD[:2])
    with pytest.raises(VoicebotError) as raised:
        store.append(call.call_id, entries)
    assert error_code(raised) == "record_conflict"
    assert store.load(call.call_id) == RECORD[:2]


@pytest.mark.parametrize("unknown", ["append", "load", "call", "close_call", "list_calls", "add_audio"])
def test_an_unknown_call_is_named_as_such(store: CallStore, unknown: str) -> None:
    calls = {
        "append": lambda: store.append("nobody", RECORD),
        "load": lambda: store.load("nobody"),
        "call": lambda: store.call("nobody"),
        "close_call": lambda: store.close_call("nobody", NOON),
        "list_calls": lambda: store.list_calls(before="nobody"),
        "add_audio": lambda: store.add_audio([AudioFile("a.wav", "nobody", Side.CALLER, 0, 1, "0" * 64)]),
    }
    with pytest.raises(VoicebotError) as raised:
        calls[unknown]()
    assert error_code(raised) == "unknown_call"


def test_of_two_writers_at_one_place_exactly_one_wins(store: CallStore, call: CallRow) -> None:
    together = threading.Barrier(4)

    def write(number: int) -> str:
        together.wait()
        try:
            store.append(call.call_id, [Entry(0, NoInput(number))])
        except VoicebotError as error:
            return error.code
        return "stored"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == ["record_conflict"] * 3 + ["stored"]
    assert len(store.load(call.call_id)) == 1


def test_deleted_words_leave_meaning_and_confidence(store: CallStore, call: CallRow) -> None:
    other = start(store)
    for one in (call, other):
        store.append(one.call_id, RECORD)
    store.delete_words(call.call_id)
    assert store.load(call.call_id)[2] == Entry(2, Heard(2500, Meaning.YES, 0.91, words=None))
    assert store.load(other.call_id) == RECORD


def test_the_words_of_a_second_thought_are_kept_and_deleted_like_an_answer_s(store: CallStore, call: CallRow) -> None:
    thought = SecondThought(2500, Meaning.NO, 0.9, "well no", 1900, 2300)
    pressed = SecondThought(3000, Meaning.NO, key="2")
    store.append(call.call_id, [Entry(0, thought), Entry(1, pressed)])
    assert store.load(call.call_id) == [Entry(0, thought), Entry(1, pressed)]
    store.delete_words(call.call_id)
    assert store.load(call.call_id)[0] == Entry(0, replace(thought, words=None))


def test_a_call_is_added_with_what_its_record_begins_with(store: CallStore) -> None:
    call = start(store, call_sid="CA1", record=RECORD[:3])
    assert store.load(call.call_id) == RECORD[:3]
    assert store.call(call.call_id).last_event_at == NOON + timedelta(seconds=2.5)
    store.append(call.call_id, RECORD[3:])
    assert store.load(call.call_id) == RECORD


def test_a_call_that_is_there_already_is_not_begun_again(store: CallStore) -> None:
    call = start(store, call_id="one", record=RECORD[:1])
    with pytest.raises(VoicebotError):
        start(store, call_id="one", record=RECORD, mark="1" * 64)
    assert store.load(call.call_id) == RECORD[:1]
    assert store.latest_from("1" * 64, NOON) is None


def test_a_repeated_webhook_gets_the_same_call(store: CallStore) -> None:
    first = store.incoming("CA1", channel=Channel.STREAM, started_at=NOON, ruleset=RULES, record=RECORD[:1])
    later = NOON + timedelta(seconds=5)
    again = store.incoming("CA1", channel=Channel.TURNS, started_at=later, ruleset=RULES, record=RECORD[:1])
    assert again == store.call(first.call_id)
    assert store.call_ids() == [first.call_id]
    assert store.load(first.call_id) == RECORD[:1]


def test_identical_webhooks_at_one_moment_make_one_call(store: CallStore) -> None:
    together = threading.Barrier(6)

    def arrive(_: int) -> CallRow:
        together.wait()
        return store.incoming("CA1", channel=Channel.STREAM, started_at=NOON, ruleset=RULES)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(arrive, range(6)))
    assert {call.stream_token for call in answers} == {store.call(store.call_ids()[0]).stream_token}


def test_an_id_is_given_once(store: CallStore) -> None:
    start(store, call_id="one")
    with pytest.raises(VoicebotError) as raised:
        start(store, call_id="one")
    assert error_code(raised) == "call_exists"


def test_calls_without_a_carrier_do_not_collide(store: CallStore) -> None:
    assert start(store).call_id != start(store).call_id


def test_the_carrier_s_id_finds_the_call(store: CallStore) -> None:
    call = start(store, call_sid="CA1")
    assert store.find_by_sid("CA1") == store.call(call.call_id) == call
    assert store.find_by_sid("CA2") is None


def test_a_stream_token_opens_one_stream(store: CallStore) -> None:
    call = start(store, call_sid="CA1")
    soon = NOON + timedelta(seconds=60)
    assert store.use_stream_token("CA1", call.stream_token, soon) == call
    assert store.use_stream_token("CA1", call.stream_token, soon) is None


@pytest.mark.parametrize(
    ("call_sid", "token", "seconds"),
    [("CA2", None, 0), ("CA1", "wrong", 0), ("CA1", "", 0), ("CA1", "é", 0), ("CA1", None, 60.001)],
)
def test_no_other_token_opens_a_stream_nor_spends_it(
    store: CallStore, call_sid: str, token: str | None, seconds: float
) -> None:
    call = start(store, call_sid="CA1")
    start(store, call_sid="CA3")
    now = NOON + timedelta(seconds=seconds)
    assert store.use_stream_token(call_sid, call.stream_token if token is None else token, now) is None
    assert store.use_stream_token("CA1", call.stream_token, NOON) == call


def test_a_stream_token_is_not_shown_by_accident(store: CallStore, call: CallRow) -> None:
    assert len(call.stream_token) >= 22  # 128 bits
    assert call.stream_token not in repr(store.call(call.call_id))


def test_closing_a_call_tells_how_it_ended(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, RECORD)
    ended_at = NOON + timedelta(minutes=2)
    assert store.close_call(call.call_id, ended_at)
    closed = store.call(call.call_id)
    assert (closed.ended_at, closed.outcome, closed.urgency) == (ended_at, Outcome.NURSE, 4)


def test_the_last_entries_end_the_call_in_the_same_commit(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, RECORD[:2])
    ended_at = NOON + timedelta(minutes=2)
    store.finish(call.call_id, RECORD[2:], ended_at)
    closed = store.call(call.call_id)
    assert store.load(call.call_id) == RECORD
    assert (closed.ended_at, closed.outcome, closed.urgency) == (ended_at, Outcome.NURSE, 4)
    assert not store.close_call(call.call_id, NOON)


def test_entries_that_are_refused_end_no_call(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, RECORD[:2])
    with pytest.raises(VoicebotError) as raised:
        store.finish(call.call_id, RECORD[1:2], NOON)
    assert error_code(raised) == "record_conflict"
    assert store.call(call.call_id).ended_at is None


def test_a_call_ends_once_whatever_is_added_to_its_record_later(store: CallStore, call: CallRow) -> None:
    store.finish(call.call_id, [Entry(0, HungUp(10))], NOON)
    closed = store.call(call.call_id)
    store.finish(call.call_id, [Entry(1, HungUp(10))], NOON + timedelta(hours=1))
    assert store.call(call.call_id) == closed
    assert len(store.load(call.call_id)) == 2


def test_a_late_status_changes_nothing(store: CallStore, call: CallRow) -> None:
    store.append(call.call_id, [Entry(0, HungUp(10))])
    store.close_call(call.call_id, NOON)
    closed = store.call(call.call_id)
    assert not store.close_call(call.call_id, NOON + timedelta(hours=1))
    assert store.call(call.call_id) == closed
    assert closed.outcome is Outcome.HUNG_UP


def test_a_call_counts_as_live_while_something_happens_and_it_is_not_over(store: CallStore, call: CallRow) -> None:
    over = start(store)
    store.close_call(over.call_id, NOON)
    assert store.live_calls(since=NOON) == 1
    assert len(store.open_calls()) == 1
    assert store.live_calls(since=NOON + timedelta(seconds=2)) == 0
    store.append(call.call_id, RECORD)
    assert store.live_calls(since=NOON + timedelta(seconds=2)) == 1
    assert store.call(call.call_id).last_event_at == NOON + timedelta(seconds=2.5)


def test_a_visit_to_the_web_form_takes_no_line(store: CallStore) -> None:
    visit = start(store, channel=Channel.WEB)
    assert store.live_calls(since=NOON) == 0
    assert store.open_calls() == [visit.call_id]


def test_calls_are_listed_newest_first_page_by_page(store: CallStore) -> None:
    for number in range(5):
        start(store, call_id=f"call{number}", started_at=NOON + timedelta(seconds=number // 2))
    pages = [store.list_calls(limit=2), store.list_calls(limit=2, before="call3"), store.list_calls(2, before="call1")]
    assert [[call.call_id for call in page] for page in pages] == [["call4", "call3"], ["call2", "call1"], ["call0"]]
    assert store.call_ids() == [f"call{number}" for number in range(5)]


def test_the_rules_of_a_call_are_kept(store: CallStore) -> None:
    for version in ("1", "2", "1"):
        start(store, ruleset=replace(RULES, sha256=version * 64, version=version))
    assert store.ruleset("1" * 64).version == "1"
    assert store.ruleset("2" * 64).text == RULES.text
    with pytest.raises(VoicebotError) as raised:
        store.ruleset("3" * 64)
    assert error_code(raised) == "unknown_ruleset"


def test_sound_is_noted_and_forgotten(store: CallStore, call: CallRow) -> None:
    files = [
        AudioFile("c.wav", call.call_id, Side.CALLER, 900, 20, "c" * 64),
        AudioFile("b.wav", call.call_id, Side.LINE, 100, 20, "b" * 64),
        AudioFile("a.wav", call.call_id, Side.CALLER, 100, 20, "a" * 64),
    ]
    store.add_audio(files)
    store.add_audio([])
    assert [file.name for file in store.audio(call.call_id)] == ["a.wav", "b.wav", "c.wav"]
    assert store.audio(call.call_id)[2] == files[0]
    store.forget_audio(call.call_id)
    assert store.audio(call.call_id) == []
