import math

import pytest

from benchmarks.hearing_parts import scores
from benchmarks.hearing_parts.rows import Answer, StretchRow
from benchmarks.hearing_parts.scores import Share
from tests.benchmarks.given import row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

YES, NO = Meaning.YES, Meaning.NO


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 218, 0.0, 0.01732), (218, 218, 0.98268, 1.0), (212, 218, 0.94126, 0.98733), (1, 2, 0.09453, 0.90547)],
)
def test_wilsons_interval(count, of, low, high):
    assert Share(count, of).bounds == pytest.approx((low, high), abs=1e-5)


def test_of_none_nothing_is_known():
    assert math.isnan(Share(0, 0).part)
    assert Share(0, 0).bounds == (0.0, 1.0)


def test_every_fate_of_an_answer_is_counted_once():
    counts = scores.tally(
        [
            row("yes", YES),
            row("no", NO, Action.CONFIRM),
            row("no", YES),
            row("yes", NO, Action.CONFIRM),
            row("yes", Meaning.UNSURE),
            row("yes"),
        ]
    )
    assert (counts.accepted, counts.confirmed, counts.right) == (Share(1, 6), Share(1, 6), Share(2, 6))
    assert (counts.swapped, counts.swapped_confirm) == (Share(1, 6), Share(1, 6))
    assert counts.to_confirm == Share(2, 6)


def test_an_answer_below_the_thresholds_is_not_right():
    assert scores.tally([row("yes", YES, Action.ASK_AGAIN)]).right == Share(0, 1)


def test_another_word_is_taken_whatever_it_is_taken_for():
    counts = scores.tally([row("left", YES), row("go", Meaning.OPERATOR), row("up", NO, Action.CONFIRM), row("bed")])
    assert (counts.taken, counts.taken_confirm) == (Share(2, 4), Share(1, 4))


def test_programs_and_words_that_are_an_answer_of_another_kind_are_counted_in_neither():
    rows = [row("yes", YES, corpus="synthetic"), row("emergency", Meaning.EMERGENCY, truth=Meaning.EMERGENCY)]
    counts = scores.tally(rows)
    assert (counts.accepted.of, counts.taken.of) == (0, 0)


def test_the_worst_tenth_of_speakers():
    good = [row("yes", YES, speaker=f"good{n}") for n in range(18)]
    assert scores.worst_tenth([*good, row("yes", speaker="bad"), row("no", NO, speaker="bad"), row("no", speaker="x")])
    count, mean = scores.worst_tenth(
        [*good, row("yes", speaker="x"), row("yes", speaker="bad"), row("no", NO, speaker="bad")]
    )
    assert (count, mean) == (2, 0.25)
    assert math.isnan(scores.worst_tenth([])[1])


def test_latency_is_of_answers_that_were_decided():
    rows = [row("yes", YES, late_ms=100.0), row("no", NO, late_ms=-80.0, falls=False), row("yes"), row("left", YES)]
    assert scores.latencies(rows) == [100.0, -80.0]
    assert scores.latencies(rows, sure=True) == [100.0]


def test_confusions_are_told_commonest_first():
    rows = [row("go", NO), row("left", YES), row("left", YES), row("yes", YES), row("down", NO, Action.ASK_AGAIN)]
    assert scores.confusions(rows) == [("left", YES, Action.ACCEPT, 2), ("go", NO, Action.ACCEPT, 1)]


def test_answers_where_nobody_spoke_are_counted_over_their_minutes():
    answer = Answer(3.0, "no", NO, Action.ACCEPT, 0.9)
    rows = [StretchRow("a", "noise", 60.0, (answer, answer)), StretchRow("b", "noise", 30.0, ())]
    assert scores.per_minute(rows, Action.ACCEPT) == (2, 1.5)
    assert scores.per_minute(rows, Action.CONFIRM) == (0, 1.5)


def test_cpu_time_is_told_for_each_second_of_sound():
    assert scores.cpu_per_second([row("yes"), row("no")]) == pytest.approx(0.02)
    assert math.isnan(scores.cpu_per_second([]))
