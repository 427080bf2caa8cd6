import pytest

from benchmarks.hearing_parts.engines import Maker, Spec
from benchmarks.hearing_parts.rows import Answer, StretchRow
from benchmarks.hearing_parts.runs import Run
from benchmarks.hearing_parts.scores import Share
from benchmarks.hearing_parts.verdicts import Verdict, at_least, at_most, judge, shown
from tests.benchmarks.given import row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

ABOUT = {"date": "2026-11-26", "machine": "here", "load_s": 0.2, "megabytes": 9.5}


def figures(rows, stretches=()):
    run = Run(Spec("ours", Maker.VOSK), ABOUT, list(rows), list(stretches))
    return {(figure.where, figure.what): figure for figure in judge(run)}


def test_a_share_is_proven_only_when_its_whole_interval_reaches_the_goal():
    assert at_least(Share(218, 218), 0.99) is Verdict.UNPROVEN
    assert at_least(Share(1000, 1000), 0.99) is Verdict.REACHED
    assert at_least(Share(215, 218), 0.99) is Verdict.MISSED
    assert at_most(Share(0, 218), 0.001) is Verdict.UNPROVEN
    assert at_most(Share(0, 5000), 0.001) is Verdict.REACHED
    assert at_most(Share(1, 218), 0.001) is Verdict.MISSED
    assert at_most(Share(0, 0), 0.001) is Verdict.UNKNOWN


def test_small_shares_are_told_exactly():
    assert shown(Share(1, 2628)) == "0.04% (1 of 2628; 0.01 to 0.22)"
    assert shown(Share(215, 219)) == "98.2% (215 of 219; 95.4 to 99.3)"
    assert shown(Share(0, 0)) == "none"


def test_what_was_not_listened_to_is_not_judged():
    assert {figure.verdict for figure in figures([]).values()} - {Verdict.UNKNOWN} == {Verdict.REACHED, Verdict.MISSED}
    assert figures([])["as recorded", "yes/no right"].verdict is Verdict.UNKNOWN
    assert figures([])["as recorded", "end of word to answer, p50"].verdict is Verdict.UNKNOWN
    assert figures([])["model", "size"].verdict is Verdict.MISSED
    assert figures([])["model", "time to load"].verdict is Verdict.REACHED


def test_the_worst_noise_is_judged_by_itself():
    heard = [row("yes", Meaning.YES, condition="10 dB SNR", variant=kind) for kind in ("white", "hum")]
    deaf = row("no", condition="10 dB SNR", variant="hum")
    found = figures([*heard, deaf])
    assert found["10 dB SNR", "yes/no right"].got.startswith("66.7% (2 of 3;")
    assert found["10 dB SNR, worst noise: hum", "yes/no right"].got.startswith("50.0% (1 of 2;")


@pytest.mark.parametrize(("late_ms", "verdict"), [(300.0, Verdict.REACHED), (301.0, Verdict.MISSED)])
def test_latency_is_judged(late_ms, verdict):
    assert (
        figures([row("yes", Meaning.YES, late_ms=late_ms)])["as recorded", "end of word to answer, p50"].verdict
        is verdict
    )


def test_too_many_confirmations_are_a_miss():
    rows = [row("yes", Meaning.YES, Action.CONFIRM)] + [row("yes", Meaning.YES)] * 9
    assert figures(rows)["as recorded", "yes/no to confirm"].verdict is Verdict.MISSED


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.CONFIRM])
def test_one_answer_where_nobody_spoke_is_a_miss(action):
    answer = Answer(3.0, "no", Meaning.NO, action, 0.9)
    quiet = StretchRow("music: b", "music", 60.0, ())
    assert figures([], [quiet])["music", "answers"].verdict is Verdict.REACHED
    noisy = StretchRow("music: a", "music", 60.0, (answer,))
    assert figures([], [quiet, noisy])["music", "answers"].verdict is Verdict.MISSED
