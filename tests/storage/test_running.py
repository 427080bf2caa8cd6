"""Records of calls that go on, remembered beside the database: never other than it would tell them."""

from voicebot.calls.entries import Entry
from voicebot.dialog.events import NoInput
from voicebot.storage import running
from voicebot.storage.running import Running


def entries(*places):
    return [Entry(place, NoInput(place * 100)) for place in places]


def test_a_record_known_from_its_beginning_grows():
    known = Running()
    first = known.with_more("a", entries(0, 1))
    known.keep("a", first)
    assert known.with_more("a", entries(2)) == entries(0, 1, 2)
    assert first == entries(0, 1)


def test_what_was_not_committed_is_not_remembered():
    known = Running()
    known.with_more("a", entries(0, 1))
    assert known.with_more("a", entries(2)) is None


def test_a_record_that_somebody_else_began_or_went_on_with_is_read_from_the_database():
    known = Running()
    assert known.with_more("a", entries(5)) is None
    known.keep("a", None)
    known.keep("b", known.with_more("b", entries(0)))
    assert known.with_more("b", entries(3)) is None


def test_a_call_that_is_over_is_forgotten():
    known = Running()
    known.keep("a", known.with_more("a", entries(0)))
    known.keep("a", None)
    assert known.with_more("a", entries(1)) is None


def test_of_too_many_the_one_silent_longest_is_forgotten(monkeypatch):
    monkeypatch.setattr(running, "MOST", 2)
    known = Running()
    for call in "abc":
        known.keep(call, known.with_more(call, entries(0)))
    assert known.with_more("a", entries(1)) is None
    assert known.with_more("c", entries(1)) == entries(0, 1)
