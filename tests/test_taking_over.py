"""Staff take a call that is going on, whoever holds the line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.calls.given import snapshot
from voicebot.dialog.effects import Say, Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard, HungUp, Played, StaffAsked
from voicebot.dialog.inputs import Input
from voicebot.dialog.machine import TABLE, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step
from voicebot.errors import VoicebotError
from voicebot.session import open_session
from voicebot.storage.memory_store import MemoryStore
from voicebot.taking_over import take_over

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW = NOON + timedelta(seconds=30)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def call(store, ruleset):
    """A session at the first question."""
    call_id = store.start_call(channel=Channel.STREAM, started_at=NOON, ruleset=snapshot(ruleset)).call_id
    session = open_session(ruleset, store, call_id)
    session.handle(CallStarted(0, NOON.isoformat(), ruleset.id, ruleset.version, ruleset.sha256))
    session.handle(Connected(400, Channel.STREAM))
    return session


def messages(store, call):
    return [entry.message for entry in store.load(call.call_id)]


def code_of(function, *args):
    with pytest.raises(VoicebotError) as refused:
        function(*args)
    return refused.value.code


def test_the_caller_is_told_and_put_through(store, ruleset, call):
    take_over(ruleset, store, call.call_id, NOW)
    asked, *_, words, transfer = messages(store, call)[-4:]
    assert StaffAsked(30_000) in messages(store, call)
    assert (words.prompts, transfer) == (("to_person.staff",), Transfer(Target.FRONT_DESK))
    assert asked


def test_advice_that_cannot_wait_is_said_first(store, ruleset, call):
    call.handle(Heard(9000, Meaning.YES, 0.99))
    call.handle(Heard(12_000, Meaning.YES, 0.99))
    take_over(ruleset, store, call.call_id, NOW)
    said = [message.prompts for message in messages(store, call) if isinstance(message, Say)]
    assert said[-1] == ("advice.call_911", "to_person.staff")


def test_whoever_holds_the_line_finds_out_at_the_next_event(store, ruleset, call):
    take_over(ruleset, store, call.call_id, NOW)
    assert code_of(call.handle, Heard(31_000, Meaning.YES, 0.99)) == "record_conflict"
    again = open_session(ruleset, store, call.call_id)
    assert [type(effect) for effect in again.handle(Connected(32_000, Channel.TURNS))] == [Say, Transfer]


def test_a_line_that_writes_at_the_same_moment_is_no_hindrance(ruleset, call, store):
    class Busy(MemoryStore):
        """Somebody else writes first, once."""

        def append(self, call_id, entries):
            if isinstance(entries[0].message, StaffAsked) and call.next_seq < 6:
                call.handle(Heard(9000, Meaning.YES, 0.99))
            super().append(call_id, entries)

    store.__class__ = Busy
    take_over(ruleset, store, call.call_id, NOW)
    assert isinstance(messages(store, call)[-1], Transfer)


@pytest.mark.parametrize("last", [[HungUp(9000)], [Heard(9000, Meaning.OPERATOR, 0.99)]], ids=["over", "under way"])
def test_a_call_that_is_over_or_under_way_to_a_person_is_not_taken(store, ruleset, call, last):
    for event in last:
        call.handle(event)
    before = messages(store, call)
    assert code_of(take_over, ruleset, store, call.call_id, NOW) == "call_not_taken"
    assert messages(store, call) == before


def test_a_call_that_ends_with_advice_can_be_taken_until_it_was_heard(store, ruleset, call):
    call.handle(Heard(9000, Meaning.EMERGENCY, 0.99))
    take_over(ruleset, store, call.call_id, NOW)
    assert isinstance(messages(store, call)[-1], Transfer)


def test_after_the_last_words_there_is_nothing_to_take(store, ruleset, call):
    call.handle(Heard(9000, Meaning.NO, 0.99))
    call.handle(Played(20_000))
    assert code_of(take_over, ruleset, store, call.call_id, NOW) == "call_not_taken"


def test_the_web_form_and_calls_under_other_rules_are_not_taken(store, ruleset):
    visit = store.start_call(channel=Channel.WEB, started_at=NOON, ruleset=snapshot(ruleset)).call_id
    assert code_of(take_over, ruleset, store, visit, NOW) == "call_not_taken"
    ringing = store.start_call(channel=Channel.STREAM, started_at=NOON, ruleset=snapshot(ruleset)).call_id
    assert code_of(take_over, ruleset, store, ringing, NOW) == "call_not_taken"
    assert code_of(take_over, ruleset, store, "nothing", NOW) == "unknown_call"


def test_staff_are_heard_at_every_step_at_which_a_caller_is_asked():
    deaf = {step for step in Step if Input.STAFF_ASKED not in TABLE[step]}
    assert deaf == {Step.RINGING, Step.PLACE, Step.OVER}
    assert step
