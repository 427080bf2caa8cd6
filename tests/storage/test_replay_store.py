"""Bulk replays on disk: what is run, by whom, how far; and approvals of rule sets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from tests.storage.given import NOON, RULES, start
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import Decided
from voicebot.dialog.events import Channel
from voicebot.errors import VoicebotError
from voicebot.staff.replaying import Change, ReplayState, RunAgain
from voicebot.staff.review import Reader
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_index import Mark
from voicebot.storage.replay_store import HEARTBEAT, Approval, Chosen, ReplayStore
from voicebot.storage.tables import CALL_INDEX

ANN = Reader("ann", "Ann")
NEW_RULES = RuleSetSnapshot(sha256="6" * 64, id="rules", version="2", text="questions: []\n")


@pytest.fixture(params=["sqlite", "postgresql"])
def calls(request):
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def replays(calls):
    made = ReplayStore(calls.engine)
    made.keep_ruleset(NEW_RULES)
    return made


def over(calls, urgency=1, started_at=NOON):
    call_id = start(calls, started_at=started_at).call_id
    calls.end_call(call_id, started_at + timedelta(minutes=2), Outcome.SCHEDULING, urgency)
    return call_id


EVERY_CALL = Chosen()


LATER = NOON + timedelta(days=9)


def begin(replays, chosen=EVERY_CALL, now=LATER):
    return replays.begin(NEW_RULES.sha256, chosen, ANN, now)


def left(replays, replay_id, after=""):
    return replays.left(replays.replay(replay_id), after, 9)


def same(call_id):
    return RunAgain(call_id, Change.SAME, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("chosen", "days"),
    [
        (Chosen(), {0, 1, 2}),
        (Chosen(CallFilter(since=NOON + timedelta(days=1)), "from=2026-11-23"), {1, 2}),
        (Chosen(CallFilter(until=NOON + timedelta(days=1))), {0}),
        (Chosen(CallFilter(urgencies=(0, 2), outcomes=(Outcome.SCHEDULING,))), {0, 2}),
        (Chosen(CallFilter(marks=((Mark.RULE, "numb-leg"),), channels=(Channel.STREAM,))), {1}),
        (Chosen(CallFilter(faults=True)), set()),
    ],
)
def test_which_calls_are_run(calls, replays, chosen, days):
    made = {day: over(calls, urgency=day, started_at=NOON + timedelta(days=day)) for day in range(3)}
    calls.append(made[1], [Entry(0, Decided({"urgency": 1, "rules": [{"id": "numb-leg"}]}, []))])
    start(calls)
    replay_id = begin(replays, chosen)
    assert set(left(replays, replay_id)) == {made[day] for day in days}
    assert replays.replay(replay_id).total == len(days)
    assert replays.replay(replay_id).chosen == chosen


def test_a_call_the_index_lacks_is_run_when_all_are_wanted(calls, replays):
    call_id = over(calls)
    with calls.engine.begin() as connection:
        connection.execute(delete(CALL_INDEX))
    assert left(replays, begin(replays)) == [call_id]
    assert left(replays, begin(replays, Chosen(CallFilter(urgencies=(1,))))) == []


def test_calls_that_end_later_are_not_run(calls, replays):
    over(calls)
    assert left(replays, begin(replays, now=NOON)) == []


def test_a_replay_from_its_beginning_to_its_end(calls, replays):
    call_ids = sorted(over(calls) for _ in range(3))
    replay_id = begin(replays)
    assert replays.replay(replay_id).state is ReplayState.WAITING
    assert replays.take_up(NOON) == replay_id
    moved = RunAgain(call_ids[0], Change.DOWN, 5, 4, 5, 4, ("Urgency goes from 5 to 4.",))
    replays.keep(replay_id, [moved, same(call_ids[1])], NOON)
    replay = replays.replay(replay_id)
    assert (replay.state, replay.done, replay.counts) == (ReplayState.RUNNING, 2, {Change.DOWN: 1, Change.SAME: 1})
    assert left(replays, replay_id) == call_ids[2:]
    assert left(replays, replay_id, after=call_ids[2]) == []
    assert replays.results(replay_id, Change.DOWN) == [moved]
    assert replays.results(replay_id, Change.DOWN, after=call_ids[0]) == []
    assert replays.results_of(replay_id, call_ids) == {call_ids[0]: moved, call_ids[1]: same(call_ids[1])}
    assert replays.finish(replay_id, ReplayState.DONE, NOON)
    assert not replays.finish(replay_id, ReplayState.STOPPED, NOON)
    assert replays.replays()[0].state is ReplayState.DONE


def test_one_replay_runs_at_a_time_and_one_left_alone_is_taken_up_again(replays):
    first, second = begin(replays, now=NOON), begin(replays, now=NOON + timedelta(seconds=1))
    assert replays.take_up(NOON) == first
    assert replays.take_up(NOON + HEARTBEAT / 2) is None
    assert replays.take_up(NOON + HEARTBEAT * 2) == first
    replays.finish(first, ReplayState.DONE, NOON)
    assert replays.take_up(NOON + HEARTBEAT * 3) == second


def test_rules_that_are_not_kept_cannot_be_run(replays):
    with pytest.raises(VoicebotError) as refused:
        replays.begin("7" * 64, Chosen(), ANN, NOON)
    assert refused.value.code == "unknown_ruleset"
    with pytest.raises(VoicebotError) as refused:
        replays.replay("nothing")
    assert refused.value.code == "unknown_replay"


def test_rule_sets_are_kept_once(calls, replays):
    start(calls)
    replays.keep_ruleset(NEW_RULES)
    assert replays.rulesets() == [RULES, NEW_RULES]


def test_a_rule_set_is_approved_once(replays):
    approval = Approval(NEW_RULES.sha256, "Jane Doe, RN", ANN, NOON, begin(replays))
    replays.approve(approval)
    assert replays.approvals() == {NEW_RULES.sha256: approval}
    with pytest.raises(VoicebotError) as refused:
        replays.approve(approval)
    assert refused.value.code == "rules_approved"
