from __future__ import annotations

from tests.calls.given import held
from voicebot.calls.answers_then import answers_after
from voicebot.calls.entries import Entry
from voicebot.dialog.events import Event, Heard
from voicebot.dialog.machine import fold
from voicebot.dialog.meaning import Meaning
from voicebot.triage.answers import Answer


def test_the_answers_after_the_last_event_are_those_of_the_call(ruleset):
    entries = held(ruleset, "q.saddle").entries
    noted = list(answers_after(ruleset, entries))
    events = [entry.message for entry in entries if isinstance(entry.message, Event)]
    assert [one.seq for one in noted] == [entry.seq for entry in entries if isinstance(entry.message, Event)]
    assert noted[-1].answers == fold(ruleset, events)[0].answers
    assert noted[-1].answers["saddle"] is Answer.YES


def test_changes_add_up_to_the_answers(ruleset):
    standing = {}
    for noted in answers_after(ruleset, held(ruleset, "q.saddle").entries):
        standing |= noted.changed
        for question in noted.dropped:
            del standing[question]
        assert standing == noted.answers


def test_where_the_dialog_cannot_follow_a_record_the_answers_end(ruleset):
    assert list(answers_after(ruleset, [Entry(0, Heard(1, Meaning.YES, 1.0))])) == []
