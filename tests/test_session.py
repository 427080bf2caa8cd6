from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot.calls.entries import canonical
from voicebot.dialog.effects import Listen, Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Connected, Fault, Heard, HungUp
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State
from voicebot.errors import VoicebotError
from voicebot.session import Session, first_entries, open_session

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STARTED = CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64)


class Book:
    """A store for one call."""

    def __init__(self):
        self.entries = []
        self.full = False
        self.ended_at = None

    def append(self, call_id, entries):
        if self.full:
            raise VoicebotError("store_failed", "full")
        self.entries += entries

    def finish(self, call_id, entries, ended_at):
        self.append(call_id, entries)
        self.ended_at = ended_at

    def load(self, call_id):
        return self.entries


def test_stores_the_event_with_all_that_follows_it(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    effects = session.handle(Connected(0, Channel.TEXT))
    assert [entry.seq for entry in book.entries] == list(range(len(book.entries)))
    assert [entry.message for entry in book.entries] == [STARTED, Connected(0, Channel.TEXT), *effects]


def test_a_call_may_be_stored_with_what_it_begins_with(ruleset):
    book = Book()
    Session(ruleset, book, "call", State(), 0).handle(STARTED)
    assert first_entries(ruleset, STARTED) == book.entries


def test_whatever_breaks_at_the_beginning_the_record_begins_with_a_fault(ruleset):
    book = Book()
    book.entries = first_entries(ruleset, Heard(0, Meaning.YES, 1.0))
    assert book.entries[0].message == Fault(0, "dialog_failed")
    assert book.entries[-1].message == Transfer(Target.FRONT_DESK)


def test_the_last_event_is_stored_with_the_end_of_the_call(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    assert book.ended_at is None
    session.handle(HungUp(0), over_at=NOON)
    assert book.ended_at == NOON
    assert book.entries[-1].message == HungUp(0)
    assert session.next_seq == len(book.entries)


def test_a_refused_commit_changes_nothing_and_performs_nothing(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    before, book.full = session.state, True
    with pytest.raises(VoicebotError, match="full"):
        session.handle(Connected(0, Channel.TEXT))
    assert session.state is before
    book.full = False
    assert isinstance(session.handle(Connected(0, Channel.TEXT))[-1], Listen)


def test_another_process_goes_on_where_this_one_stopped(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    for event in (STARTED, Connected(0, Channel.TEXT), Heard(0, Meaning.YES, 1.0), Heard(0, Meaning.NO, 1.0)):
        session.handle(event)
    again = open_session(ruleset, book, "call")
    assert again.state == session.state
    assert again.next_seq == session.next_seq
    assert canonical(again.handle(Heard(0, Meaning.YES, 1.0))) == canonical(session.handle(Heard(0, Meaning.YES, 1.0)))


def test_an_error_of_our_own_is_recorded_and_leads_to_a_person(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    effects = session.handle(Heard(0, Meaning.YES, 1.0))
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert Fault(0, "dialog_failed") in [entry.message for entry in book.entries]


def test_a_call_that_ended_in_our_own_error_can_still_be_folded(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    session.handle(Heard(0, Meaning.YES, 1.0))
    session.handle(HungUp(0))
    assert open_session(ruleset, book, "call").next_seq == len(book.entries)
