from __future__ import annotations

from dataclasses import replace

from tests.calls.given import NOON, TURN_MS, held
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.calls.record import read_record, what_stands
from voicebot.dialog.effects import Decided, HangUp, Say, Target, Transfer
from voicebot.dialog.events import Fault, Heard, HungUp, SecondThought
from voicebot.dialog.meaning import Meaning


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


ADVISED = (
    Heard(1000, Meaning.YES, 0.98),
    Decided({"urgency": 5}, [{"id": "stroke"}]),
    Say(("advice.call_911",), interruptible=False),
    HangUp(),
)
ASKED_AGAIN = (SecondThought(2000, Meaning.NO), Say(("taken_back",)))


def test_what_an_answer_led_to_does_not_stand_once_it_was_taken_back():
    assert what_stands((*ADVISED, *ASKED_AGAIN)) == [ADVISED[0], *ASKED_AGAIN]
    entries = [Entry(seq, message) for seq, message in enumerate((*ADVISED, *ASKED_AGAIN))]
    record = read_record(entries)
    assert (record.outcome, record.decision, record.trace) == (None, None, ())
    assert record.duration_ms == 2000
    assert read_record([*entries, Entry(len(entries), HungUp(3000))]).outcome is Outcome.HUNG_UP


def test_whoever_asks_for_a_person_takes_nothing_back():
    person = (SecondThought(2000, Meaning.OPERATOR), Say(("to_person.asked",)), Transfer(Target.FRONT_DESK))
    messages = [*ADVISED, *person]
    assert what_stands(messages) == messages
    record = read_record([Entry(seq, message) for seq, message in enumerate(messages)])
    assert (record.outcome, record.urgency) == (Outcome.FRONT_DESK, 5)
