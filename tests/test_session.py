from __future__ import annotations

import pytest

from voicebot.calls.entries import canonical
from voicebot.dialog.effects import Listen, Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Connected, Fault, Heard, HungUp
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State
from voicebot.errors import VoicebotError
from voicebot.session import Session, open_session

STARTED = CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64)


class Book:
    """A store for one call."""

    def __init__(self):
        self.entries = []
        self.full = False

    def append(self, call_id, entries):
        if self.full:
            raise VoicebotError("store_failed", "full")
        self.entries += entries

    def load(self, call_id):
        return self.entries


def test_stores_the_event_with_all_that_follows_it(ruleset):
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(STARTED)
    effects = session.handle(Connected(0, Channel.TEXT))
    assert [entry.seq for entry in book.entries] == list(range(len(book.entries)))
    assert [entry.message for entry in book.entries] == [STARTED, Connected(0, Channel.TEXT), *effects]


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
