"""Numbers callers keyed in: they go into the call back, and are forgotten with the call, in every store."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import CallBack, PreferredTime
from voicebot.dialog.events import NoInput

if TYPE_CHECKING:
    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore

NUMBER, BETTER = "+16515550123", "+16515550124"


def ask(store: CallStore, call: CallRow, preferred: PreferredTime = PreferredTime.ANY, seq: int = 0) -> None:
    store.append(call.call_id, [Entry(seq, NoInput(2000 + seq)), Entry(seq + 1, CallBack(preferred))])


def end(store: CallStore, call: CallRow) -> None:
    assert store.end_call(call.call_id, NOON + timedelta(minutes=5), Outcome.HUNG_UP, None)


def test_the_number_given_last_is_called_back_whatever_number_is_shown(store: CallStore, call: CallRow) -> None:
    store.give_number(call.call_id, NUMBER)
    store.give_number(call.call_id, BETTER)
    assert store.call_backs() == []
    ask(store, call)
    assert not store.keep_number(call.call_id, "+16515550199"), "the one shown comes too late"
    assert store.call_backs()[0].number == BETTER
    end(store, call)
    assert store.call_backs()[0].number == BETTER


def test_a_wish_taken_back_and_made_again_has_the_number(store: CallStore, call: CallRow) -> None:
    store.give_number(call.call_id, NUMBER)
    ask(store, call)
    ask(store, call, PreferredTime.WITHDRAWN, seq=2)
    ask(store, call, seq=4)
    assert store.call_backs()[0].number == NUMBER


def test_it_is_forgotten_at_the_end_of_the_call_and_is_no_other_calls(store: CallStore, call: CallRow) -> None:
    other = start(store)
    store.give_number(call.call_id, NUMBER)
    ask(store, other)
    assert store.call_backs()[0].number is None
    end(store, call)
    ask(store, call)
    assert [row.number for row in store.call_backs()] == [None, None]
