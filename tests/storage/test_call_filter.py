"""A filter that is kept is the same when it is read again; migrations keep what was chosen before."""

from __future__ import annotations

import json

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.storage.given import NOON
from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.storage.call_filter import CallFilter, filter_from_json, filter_to_json
from voicebot.storage.call_index import Mark
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.replay_store import ReplayStore

FILTERS = st.builds(
    CallFilter,
    call_id=st.sampled_from(["", "abc"]),
    marks=st.lists(st.tuples(st.sampled_from(Mark), st.text(max_size=5)), max_size=3).map(tuple),
    since=st.none() | st.just(NOON),
    until=st.none() | st.just(NOON),
    urgencies=st.lists(st.integers(0, 5), max_size=3).map(tuple),
    undecided=st.booleans(),
    outcomes=st.lists(st.sampled_from(Outcome), max_size=2).map(tuple),
    review_states=st.lists(st.just("waiting"), max_size=1).map(tuple),
    channels=st.lists(st.sampled_from(Channel), max_size=2).map(tuple),
    confidence_below=st.none() | st.floats(0, 1),
    reprompts_from=st.none() | st.integers(0, 9),
    faults=st.booleans(),
)


@given(FILTERS)
def test_a_kept_filter_is_read_as_it_was(wanted):
    read = filter_from_json(json.loads(json.dumps(filter_to_json(wanted))))
    assert read == wanted
    assert all(isinstance(outcome, Outcome) for outcome in read.outcomes)


@pytest.mark.parametrize(
    ("before", "query", "urgencies"),
    [
        ({"since": None, "until": None, "urgency_from": None, "urgency_to": None}, "", ()),
        (
            {"since": "2026-11-22", "until": "2026-11-22", "urgency_from": 4, "urgency_to": None},
            "from=2026-11-22&to=2026-11-22&urgency=4&urgency=5",
            (4, 5),
        ),
        ({"since": None, "until": None, "urgency_from": None, "urgency_to": 1}, "urgency=0&urgency=1", (0, 1)),
    ],
)
def test_a_replay_of_a_version_before_keeps_its_choice(database, before, query, urgencies):
    engine = open_engine(database)
    config = Config()
    config.set_main_option("script_location", "voicebot.storage:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        connection.execute(text("INSERT INTO rulesets VALUES ('abc', 'rules', '1', 'questions: []')"))
        connection.execute(
            text(
                "INSERT INTO replays (replay_id, ruleset_sha256, chosen, state, asked_by, asked_name, asked_at, total)"
                " VALUES ('r', 'abc', :chosen, 'done', 'ann', 'Ann', '2026-11-26 12:00:00', 3)"
            ),
            {"chosen": json.dumps(before)},
        )
    upgrade(engine)
    chosen = ReplayStore(engine).replay("r").chosen
    assert chosen.query == query
    assert tuple(chosen.filter.urgencies) == urgencies
    assert (chosen.filter.since is None) == (before["since"] is None)
    engine.dispose()
