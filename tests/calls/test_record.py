from __future__ import annotations

from dataclasses import replace

from tests.calls.given import NOON, TURN_MS, held
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.calls.record import read_record
from voicebot.dialog.events import Fault, Heard


def test_the_record_of_a_call_tells_what_was_decided_and_why(ruleset):
    record = read_record(held(ruleset, "q.saddle").entries)
    assert (record.outcome, record.urgency, record.rules) == (Outcome.EMERGENCY_ROOM, 4, ("cauda-saddle",))
    assert record.decision["ruleset"]["sha256"] == ruleset.sha256
    assert [judged["id"] for judged in record.trace if judged["fired"]] == ["cauda-saddle"]
    assert record.started_at == NOON.isoformat()
    assert record.questions[:2] == ("about_leg", "screen.face_and_speech")
    assert "q.saddle" in record.questions
    assert record.duration_ms == len(record.questions) * TURN_MS + 2000
    assert record.faults == ()


def test_a_call_that_ended_early_has_no_decision(ruleset):
    record = read_record(held(ruleset, hang_up_after=2).entries)
    assert (record.outcome, record.urgency, record.decision, record.rules) == (Outcome.HUNG_UP, None, None, ())


def test_an_empty_record_tells_nothing():
    record = read_record([])
    assert (record.started_at, record.outcome, record.duration_ms) == (None, None, 0)


def test_faults_are_told_by_their_codes():
    assert read_record([Entry(0, Fault(1, "stream_lost"))]).faults == ("stream_lost",)


def test_turn_gaps_are_known_only_where_the_end_of_speech_is(ruleset):
    entries = held(ruleset, hang_up_after=3).entries
    assert read_record(entries).turn_gaps_ms == (600, 600, 600)
    unknown = [
        replace(entry, message=replace(entry.message, ended_ms=None)) if isinstance(entry.message, Heard) else entry
        for entry in entries
    ]
    assert read_record(unknown).turn_gaps_ms == ()
