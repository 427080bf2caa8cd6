"""What a query string of the list asks for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.web.office import NOON
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_index import Mark
from voicebot.web.console.call_filters import FIELDS, LABELS, LIVE_FOR, read_query


def asked(*query, words=True):
    return read_query(MultiDict(list(query)), NOON, may_see_words=words)


def day(year, month, number):
    return datetime(year, month, number).astimezone()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ([], CallFilter()),
        ([("urgency", "5"), ("urgency", "4")], CallFilter(urgencies=(4, 5))),
        ([("urgency", "none")], CallFilter(undecided=True)),
        ([("outcome", "nurse")], CallFilter(outcomes=(Outcome.NURSE,))),
        ([("review", "waiting"), ("review", "settled")], CallFilter(review_states=("waiting", "settled"))),
        ([("transfer", "no_answer")], CallFilter(transfers=("no_answer",))),
        ([("channel", "web")], CallFilter(channels=(Channel.WEB,))),
        ([("confidence", "0.5")], CallFilter(confidence_below=0.5)),
        ([("reprompts", "2")], CallFilter(reprompts_from=2)),
        ([("minutes", "3")], CallFilter(lasted_from_ms=180_000)),
        ([("rule", "stroke-face")], CallFilter(marks=((Mark.RULE, "stroke-face"),))),
        ([("fault", "any")], CallFilter(faults=True)),
        ([("fault", "ears_failed")], CallFilter(marks=((Mark.FAULT, "ears_failed"),))),
        ([("live", "1")], CallFilter(live_since=NOON - LIVE_FOR)),
        ([("from", "2026-11-20"), ("to", "2026-11-21")], CallFilter(since=day(2026, 11, 20), until=day(2026, 11, 22))),
        ([("version", "abcdef12")], CallFilter(ruleset_sha256="abcdef12")),
        ([("q", "1234")], CallFilter(last_four="1234")),
        ([("q", "0123AB")], CallFilter(call_id="0123ab")),
        ([("q", "My  leg my")], CallFilter(marks=((Mark.WORD, "my"), (Mark.WORD, "leg")))),
        ([("urgency", " "), ("q", "")], CallFilter()),
    ],
)
def test_a_query_is_a_filter(query, wanted):
    found = asked(*query)
    assert found.filter == wanted
    assert found.mistakes == ()


@pytest.mark.parametrize(
    "query",
    [
        ("urgency", "6"),
        ("urgency", "high"),
        ("outcome", "nowhere"),
        ("review", "someday"),
        ("confidence", "2"),
        ("confidence", "nan"),
        ("reprompts", "-1"),
        ("minutes", "1e9"),
        ("from", "yesterday"),
        ("to", "9999-12-31"),
        ("version", "'; drop table calls"),
        ("channel", "smoke"),
        ("transfer", "maybe"),
    ],
)
def test_what_is_not_understood_is_told_and_not_looked_at(query):
    found = asked(query, ("fault", "any"))
    assert found.filter == CallFilter(faults=True)
    (mistake,) = found.mistakes
    assert query[1] in mistake
    assert LABELS[query[0]] in mistake


def test_without_the_right_no_words_are_looked_for():
    found = asked(("q", "numb"), ("rule", "numb-leg"), words=False)
    assert found.filter == CallFilter(marks=((Mark.RULE, "numb-leg"),))
    assert "Words are only searched for by those who may see them" in found.mistakes[0]
    assert asked(("q", "1234"), words=False).filter == CallFilter(last_four="1234")


def test_the_view_is_what_was_asked_without_the_place():
    query = [("urgency", "5"), ("before", "abc"), ("after", "abc"), ("column", "state"), ("q", " "), ("evil", "1")]
    assert asked(*query).query == (("urgency", "5"), ("column", "state"))


@given(st.lists(st.tuples(st.sampled_from(sorted(FIELDS)), st.text(max_size=30)), max_size=6))
def test_whatever_is_asked_is_answered(query):
    asked(*query)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_lasts_until_the_next_one_begins(on):
    found = asked(("from", on.isoformat()), ("to", on.isoformat())).filter
    assert timedelta(hours=22) < found.until - found.since < timedelta(hours=26)
