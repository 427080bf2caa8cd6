import pytest

from benchmarks.hearing_parts.calibration import calibration_error, reliability
from tests.benchmarks.given import row
from voicebot.dialog.meaning import Meaning

YES, NO = Meaning.YES, Meaning.NO


def test_confidence_is_compared_with_the_share_that_is_right():
    rows = [row("yes", YES, confidence=0.9)] * 9 + [row("left", YES, confidence=0.9), row("bed", confidence=1.0)]
    (found,) = reliability(rows)
    assert (found.confidence, found.count) == (pytest.approx(0.9), 10)
    assert found.part == pytest.approx(9 / 9.5)


def test_other_speech_counts_as_often_as_it_comes_on_a_call():
    calls = [row("yes", YES, confidence=0.9)] * 9 + [row("left", YES, confidence=0.9)]
    clips = [row("yes", YES, confidence=0.9)] * 9 + [row("left", YES, confidence=0.9)] * 90
    (on_calls,), (among_clips,) = reliability(calls), reliability(clips)
    assert on_calls.part == pytest.approx(among_clips.part) == pytest.approx(0.9)


def test_other_speech_may_count_as_often_as_it_is_among_the_clips():
    rows = [row("yes", YES, confidence=0.5)] + [row("left", YES, confidence=0.5)] * 3
    (found,) = reliability(rows, as_they_come=True)
    assert (found.part, found.weight, found.count) == (0.25, 4.0, 4)


def test_calibration_error_weighs_bins_by_their_answers():
    rows = [row("yes", YES, confidence=1.0)] * 9 + [row("left", NO, confidence=0.2)]
    assert calibration_error(reliability(rows)) == pytest.approx(0.1 * 0.2)
