"""Who is heard of a fold, in what, by what it is trained; and how the counts are told."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")
pytest.importorskip("kaldi_native_fbank", reason="the extra acoustic is not installed")

from acoustic.cross_validate import left_out, stages, table
from acoustic.folds import fold_of
from benchmarks.hearing_parts.clips import Clip
from benchmarks.hearing_parts.rows import Row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

MEANT = {"yes": Meaning.YES, "no": Meaning.NO, "repeat": Meaning.REPEAT}


def clip(said, speaker):
    name = f"gsc/{said}/{speaker}.wav"
    return Clip(name, Path(name), said, MEANT.get(said), speaker, "gsc")


def row(said, meaning, action, condition="as recorded"):
    one = clip(said, "a")
    told = (one.name, said, one.truth, one.speaker, one.corpus, condition, "")
    return Row(*told, said, meaning, action, 0.9, 200.0, falls=True, cpu_s=0.1, audio_s=3.0)


def test_only_the_speakers_of_a_fold_are_heard_and_four_other_words_an_answer():
    everyone = [clip(said, f"{number}") for number in range(30) for said in ("yes", "no", "left", "repeat", "tree")]
    heard = left_out([*everyone, *(clip(f"word{n}", "1") for n in range(400))], fold_of("gsc", "1", 3), 3)
    assert {fold_of(one.corpus, one.speaker, 3) for one in heard} == {fold_of("gsc", "1", 3)}
    answers = sum(one.truth is not None for one in heard)
    assert {one.said for one in heard if one.truth} == {"yes", "no"}
    assert len(heard) - answers == 4 * answers > 0


def test_every_stage_reads_what_an_earlier_one_made(tmp_path):
    made = {tmp_path / net / "recorded.0.npz" for net in ("phones", "words")}
    for stage in stages(tmp_path, 4, 6):
        needed = {path for path in stage.inputs if path.is_relative_to(tmp_path)}
        assert needed <= made, stage.title
        made |= set(stage.outputs)
    assert {tmp_path / "model/am/final.mdl", tmp_path / "model/second_opinion.npz"} <= made


def test_the_counts_are_told_with_the_bounds_they_allow():
    rows = [
        *[row("yes", Meaning.YES, Action.ACCEPT)] * 6,
        row("yes", Meaning.YES, Action.CONFIRM),
        row("no", Meaning.YES, Action.ACCEPT),
        row("no", None, Action.ASK_AGAIN),
        row("left", Meaning.YES, Action.ACCEPT),
        *[row("left", None, Action.ASK_AGAIN)] * 4,
        row("yes", Meaning.YES, Action.ACCEPT, "10 dB SNR"),
    ]
    told = table(rows).splitlines()
    assert told[2].startswith("| as recorded | 77.8% (7 of 9; 45.3 to 93.7) | 1 | 11.1% (1 of 9")
    assert "20.0% (1 of 5" in told[2]
    assert told[3].startswith("| 10 dB SNR | 100.0% (1 of 1")
    assert told[3].endswith("| none said |")
