"""A visit is found by its secret alone, for as long as it is safe to show, and of two answers at once one counts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.office import NOON
from tests.web.service import Service
from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.web.intake_visits import KEPT_FOR, Visits

SECRET, OTHER = "a" * 43, "b" * 43


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def parts(ruleset, tmp_path):
    return Service(ruleset, tmp_path).parts


@pytest.fixture
def visits(parts, clock):
    return Visits(parts, clock)


def test_only_the_secret_finds_a_visit(visits):
    assert visits.find(SECRET) is None
    visits.begin(SECRET)
    assert visits.find(SECRET) is not None
    assert visits.find(OTHER) is None
    assert visits.is_known(SECRET)
    assert not visits.is_known(OTHER)


def test_a_visit_left_alone_is_shown_to_nobody(visits, clock):
    visits.begin(SECRET)
    clock.now += KEPT_FOR
    assert visits.find(SECRET)
    clock.now += timedelta(seconds=1)
    assert visits.find(SECRET) is None
    assert visits.is_known(SECRET)


def test_each_answer_keeps_a_visit_open(visits, clock):
    visit = visits.begin(SECRET)
    clock.now += KEPT_FOR
    visits.answer(visit, visit.seq, Meaning.YES, "Yes")
    clock.now += KEPT_FOR
    assert visits.find(SECRET)


def test_a_visit_does_not_go_on_under_other_rules(visits, parts, clock):
    visits.begin(SECRET)
    other_rules = replace(parts, ruleset=replace(parts.ruleset, sha256="0" * 64))
    assert Visits(other_rules, clock).find(SECRET) is None


def test_a_visit_that_was_left_is_not_found(visits):
    visits.leave(visits.begin(SECRET))
    assert visits.find(SECRET) is None


def test_a_result_stays_after_leaving_until_its_time_is_up(visits, parts):
    visit = visits.begin(SECRET)
    visits.answer(visit, visit.seq, Meaning.OPERATOR, "a person")
    over = visits.find(SECRET)
    assert over.over
    record = parts.store.load(over.call.call_id)
    visits.leave(over)
    assert parts.store.load(over.call.call_id) == record


def test_times_on_the_record_never_run_back(visits, parts, clock):
    visit = visits.begin(SECRET)
    clock.now += timedelta(seconds=5)
    visits.answer(visit, visit.seq, Meaning.YES, "Yes")
    clock.now -= timedelta(hours=1)
    visit = visits.find(SECRET)
    visits.answer(visit, visit.seq, Meaning.NO, "No")
    heard = [entry.message for entry in parts.store.load(visit.call.call_id) if isinstance(entry.message, Heard)]
    assert [event.at_ms for event in heard] == [5000, 5000]
    assert [(event.words, event.confidence) for event in heard] == [("Yes", 1.0), ("No", 1.0)]


def test_of_two_answers_at_one_moment_one_counts(visits, parts):
    visit = visits.begin(SECRET)
    together = threading.Barrier(2)

    def send(meaning):
        together.wait()
        return visits.answer(visit, visit.seq, meaning, meaning)

    with ThreadPoolExecutor(2) as pool:
        counted = list(pool.map(send, [Meaning.YES, Meaning.NO]))
    assert sorted(counted) == [False, True]
    heard = [entry.message for entry in parts.store.load(visit.call.call_id) if isinstance(entry.message, Heard)]
    assert len(heard) == 1


def test_beginning_at_one_moment_begins_one_visit(visits, parts):
    together = threading.Barrier(4)

    def begin(_):
        together.wait()
        return visits.begin(SECRET).state.step

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, range(4)))
    (call_id,) = parts.store.call_ids()
    assert [entry.message.type for entry in parts.store.load(call_id)].count("connected") == 1
