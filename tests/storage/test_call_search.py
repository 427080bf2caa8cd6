"""What the filters of the list find, page by page."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import CallBack, Decided, PreferredTime, Say, Target, Transfer
from voicebot.dialog.events import Channel, Fault, Heard, NoInput, TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.storage import call_search
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.call_filter import CallFilter
from voicebot.storage.call_index import Mark
from voicebot.storage.call_search import CallSearch
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.tables import CALL_INDEX


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request):
    return request.getfixturevalue(f"{request.param}_store")


def decided(urgency, rule):
    return Decided({"urgency": urgency, "rules": [{"id": rule}]}, [])


STORY = {
    "stroke": (Heard(4000, Meaning.YES, 0.99, "yes it does"), decided(5, "stroke-face")),
    "doubt": (Heard(4000, None, 0.31, "um my leg"), Say(("no_match.1",)), NoInput(9000), Say(("no_input.2",))),
    "broken": (Heard(4000, Meaning.NO, 0.9, "no"), Fault(5000, "ears_failed"), decided(1, "numb-leg")),
    "taken": (decided(1, "numb-leg"), Transfer(Target.NURSE), TransferEnded(200_000, TransferOutcome.ANSWERED)),
    "back": (CallBack(PreferredTime.MORNING),),
}
"""Five calls, an hour from one to the next; the first two are over."""


@pytest.fixture
def calls(kept):
    made = {}
    for hours, (name, messages) in enumerate(STORY.items()):
        channel = Channel.WEB if name == "back" else Channel.STREAM
        made[name] = start(kept, started_at=NOON + timedelta(hours=hours), channel=channel).call_id
        kept.append(made[name], [Entry(seq, message) for seq, message in enumerate(messages)])
    kept.end_call(made["stroke"], NOON, Outcome.CALL_911, 5)
    kept.end_call(made["doubt"], NOON, Outcome.HUNG_UP, None)
    kept.keep_number(made["back"], "+16515550199")
    return made


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (CallFilter(), ["back", "taken", "broken", "doubt", "stroke"]),
        (CallFilter(urgencies=[5, 4]), ["stroke"]),
        (CallFilter(urgencies=[1], undecided=True), ["back", "taken", "broken", "doubt"]),
        (CallFilter(undecided=True), ["back", "doubt"]),
        (CallFilter(outcomes=[Outcome.HUNG_UP, Outcome.CALL_911]), ["doubt", "stroke"]),
        (CallFilter(confidence_below=0.95), ["broken", "doubt"]),
        (CallFilter(reprompts_from=2), ["doubt"]),
        (CallFilter(faults=True), ["broken"]),
        (CallFilter(lasted_from_ms=60_000), ["taken"]),
        (CallFilter(transfers=["answered"]), ["taken"]),
        (CallFilter(channels=[Channel.WEB]), ["back"]),
        (CallFilter(ruleset_sha256="5555"), ["back", "taken", "broken", "doubt", "stroke"]),
        (CallFilter(ruleset_sha256="6"), []),
        (CallFilter(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)), ["broken", "doubt"]),
        (CallFilter(live_since=NOON + timedelta(hours=2, minutes=1)), ["back", "taken"]),
        (CallFilter(last_four="0199"), ["back"]),
        (CallFilter(last_four="%"), []),
        (CallFilter(marks=[(Mark.RULE, "numb-leg")]), ["taken", "broken"]),
        (CallFilter(marks=[(Mark.FAULT, "ears_failed")]), ["broken"]),
        (CallFilter(marks=[(Mark.WORD, "leg"), (Mark.WORD, "um")]), ["doubt"]),
        (CallFilter(marks=[(Mark.WORD, "yes"), (Mark.WORD, "no")]), []),
        (CallFilter(marks=[(Mark.RULE, "numb-leg"), (Mark.FAULT, "ears_failed")], urgencies=[1]), ["broken"]),
        (CallFilter(review_states=["new"], faults=True), ["broken"]),
        (CallFilter(review_states=["settled"]), []),
    ],
)
def test_a_filter_finds_just_the_calls_it_asks_for(kept, calls, wanted, names):
    search = CallSearch(kept.engine)
    found = search.page(wanted)
    assert [call.call_id for call in found.calls] == [calls[name] for name in names]
    assert found.count == len(names)
    assert search.page(wanted, limit=1).count == len(names)


def test_a_call_is_found_by_how_its_id_begins(kept, calls):
    search = CallSearch(kept.engine)
    for call_id in calls.values():
        assert [call.call_id for call in search.page(CallFilter(call_id=call_id[:10])).calls] == [call_id]
        assert search.call(call_id).call_id == call_id


@pytest.mark.parametrize("unknown", ["nobody", "f", ""])
def test_a_call_nobody_knows_is_told_as_such(kept, calls, unknown):
    search = CallSearch(kept.engine)
    with pytest.raises(VoicebotError) as raised:
        search.call(unknown)
    assert raised.value.code == "unknown_call"


def test_a_number_is_known_only_until_the_call_back_is_done(kept, calls):
    search = CallSearch(kept.engine)
    assert search.call(calls["back"]).last_four == "0199"
    kept.call_back_done(calls["back"], NOON)
    assert search.call(calls["back"]).last_four is None
    assert search.page(CallFilter(last_four="0199")).calls == []


def test_what_else_the_list_needs(kept, calls):
    search = CallSearch(kept.engine)
    assert search.rules(calls.values())[calls["taken"]] == ["numb-leg"]
    assert search.faults() == ["ears_failed"]
    assert search.rulesets() == {"5" * 64: "rules 1"}


def test_who_opened_a_call_stands_in_the_audit(kept, calls):
    audit = AuditStore(kept.engine)
    audit.append(NOON, "ann", Audited.CALL_OPENED, calls["stroke"])
    audit.append(NOON, "ann", Audited.CALL_HEARD, calls["back"])
    audit.append(NOON, "bob", Audited.CALL_OPENED, calls["doubt"])
    search = CallSearch(kept.engine)
    assert search.opened_by("ann", list(calls.values())) == {calls["stroke"]}
    assert search.opened_by("ann", [calls["doubt"]]) == set()


def test_counting_ends_where_nobody_reads_on(monkeypatch, kept, calls):
    monkeypatch.setattr(call_search, "COUNT_UP_TO", 2)
    assert CallSearch(kept.engine).page(CallFilter(), limit=1).count == 3


def test_pages_keep_their_place_while_calls_come_in(kept):
    ids = [start(kept, started_at=NOON + timedelta(minutes=minute)).call_id for minute in range(7)][::-1]
    search = CallSearch(kept.engine)
    first = search.page(CallFilter(), limit=3)
    assert ([call.call_id for call in first.calls], first.newer, first.older) == (ids[:3], False, True)
    start(kept, started_at=NOON + timedelta(hours=1))
    second = search.page(CallFilter(), limit=3, before=ids[2])
    assert ([call.call_id for call in second.calls], second.newer, second.older) == (ids[3:6], True, True)
    last = search.page(CallFilter(), limit=3, before=ids[5])
    assert ([call.call_id for call in last.calls], last.older) == (ids[6:], False)
    back = search.page(CallFilter(), limit=3, after=ids[3])
    assert ([call.call_id for call in back.calls], back.newer, back.older) == (ids[:3], True, True)
    with pytest.raises(VoicebotError):
        search.page(CallFilter(), before="nobody")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    calls=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 1, 5])), max_size=12),
    size=st.integers(1, 5),
    urgency=st.sampled_from([(), (5,)]),
)
def test_turning_all_pages_shows_every_call_once_and_turning_back_the_same(tmp_path_factory, calls, size, urgency):
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'voicebot.db'}")
    upgrade(engine)
    store, search = SqlStore(engine), CallSearch(engine)
    for minutes, level in calls:  # several may begin at the same moment
        call_id = start(store, started_at=NOON + timedelta(minutes=minutes)).call_id
        with engine.begin() as connection:
            connection.execute(update(CALL_INDEX).where(CALL_INDEX.c.call_id == call_id).values(urgency=level))
    wanted = CallFilter(urgencies=urgency)
    whole = [call.call_id for call in search.page(wanted, limit=50).calls]
    assert len(whole) == sum(not urgency or level in urgency for _, level in calls)
    shown, place = [], None
    while page := search.page(wanted, limit=size, before=place).calls:
        shown += [call.call_id for call in page]
        place = shown[-1]
    assert shown == whole
    for newer, older in itertools.pairwise(whole):
        assert search.page(wanted, limit=1, after=older).calls[0].call_id == newer
    engine.dispose()
