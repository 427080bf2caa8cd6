"""The arithmetic of a load: spreads, turns sorted by what was asked, and how it is told."""

import json

import pytest

from benchmarks.load_parts.figures import Spread, share_on_time, sort_turns
from benchmarks.load_parts.report import Heard, Report, read_log, table
from benchmarks.load_parts.stream import Gap
from voicebot.calls.entries import Entry
from voicebot.dialog.effects import Listen, Say
from voicebot.dialog.events import Channel, Connected, NoInput
from voicebot.dialog.events import Heard as HeardWords
from voicebot.dialog.meaning import Meaning

NONE = Spread.of([])
GOOD = Spread(100, 350, 500, 590, 600)


def report(**changes):
    values = {
        "calls": 10,
        "most_at_once": 10,
        "placed": 12,
        "refused": (),
        "broken": (),
        "ordinary": GOOD,
        "red_flag": NONE,
        "other_turns": 1,
        "heard": Heard(12, 1000, 0, 12),
        "sent": 1001,
        "sent_on_time": 1.0,
        "sent_worst_ms": 3.0,
        "webhooks": GOOD,
        "webhooks_failed": (),
        "server_cores": 0.5,
        "generator_cores": 0.1,
        "cpu_ms_a_call_second": 5.0,
        "idle_mb": 100.0,
        "peak_mb": 120.0,
    }
    return Report(**{**values, **changes})


def test_a_spread_tells_the_middle_and_the_ends():
    spread = Spread.of(range(1, 101))
    assert (spread.count, spread.p50, spread.worst) == (100, 50.5, 100)
    assert 95 <= spread.p95 < spread.p999 <= 100
    assert str(spread) == "p50 50 ms, p95 95 ms, worst 100 ms, of 100"
    assert Spread(0, 0, 0, 0, 0) == NONE


def test_late_is_40_ms_and_more():
    assert share_on_time([0, 39.9, 40, 100]) == 0.5
    assert share_on_time([]) == 1.0


def listen(*, red_flag):
    return Listen(asking="q.sit", grammar="yes_no", no_input_ms=5000, red_flag=red_flag, keep_audio=False)


def record():
    messages = [
        Connected(700, Channel.STREAM),
        Say(("greeting",)),
        listen(red_flag=True),
        HeardWords(5700, Meaning.NO, 1.0),
        Say(("q.sit",)),
        listen(red_flag=False),
        HeardWords(9700, Meaning.YES, 1.0),
        Say(("q.stand",)),
        listen(red_flag=False),
        NoInput(16_000),
    ]
    return [Entry(seq, message) for seq, message in enumerate(messages)]


def test_gaps_are_sorted_by_what_was_asked_when_they_arose():
    turns = sort_turns(record(), [Gap(500, 5100), Gap(300, 8980), Gap(2000, 15_300)])
    assert turns.red_flag == (500,)
    assert turns.ordinary == (300,)
    assert turns.other == 1


def test_without_a_record_no_gap_has_a_kind():
    assert sort_turns([], [Gap(500, 5100)]).other == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"ordinary": Spread(100, 401, 500, 590, 600)},
        {"ordinary": Spread(100, 350, 601, 590, 600)},
        {"heard": Heard(12, 1000, 2, 60)},
        {"broken": ("reset",)},
        {"refused": ("no stream",)},
    ],
    ids=["p50", "p95", "late", "broken", "refused"],
)
def test_one_figure_missed_is_missed(changes):
    assert report().reached
    assert not report(**changes).reached


def test_frames_that_were_sent_and_not_taken_are_lost():
    assert report().lost == 1


def test_reports_stand_side_by_side():
    lines = table([report(), report(most_at_once=50, broken=("reset", "reset"))]).splitlines()
    assert lines[0] == "| calls at once | 10 | 50 |"
    assert lines[1] == "| --- | --- | --- |"
    assert "| placed, refused, broken | 12, 0, 0 | 12, 0, 2 (2 x reset) |" in lines
    assert lines[-1] == "| figures | reached | missed |"
    assert json.loads(report().to_json())["ordinary"]["p50"] == 350
    assert "memory a call" in report().to_text()


def test_the_servers_log_tells_of_streams_that_ended_since(tmp_path):
    log = tmp_path / "server.log"
    line = {"event": "stream_ended", "count": 100, "late": 1, "ms": 45}
    log.write_text(json.dumps(line) + "\n")
    since = log.stat().st_size
    log.write_text(log.read_text() + "not JSON\n" + 2 * (json.dumps(line | {"ms": 50}) + "\n"))
    wrong = [{"event": "stream_failed", "code": "store_failed", "level": "error"}, {"event": "said", "level": "info"}]
    log.write_text(log.read_text() + "".join(json.dumps(line) + "\n" for line in wrong))
    assert read_log(log, since) == Heard(2, 200, 2, 50, ("stream_failed store_failed",))
    assert read_log(log, since).on_time == 0.99
    assert Heard().on_time == 1.0
