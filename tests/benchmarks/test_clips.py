import numpy as np
import pytest
import soundfile

from benchmarks.hearing_parts.clips import falls, find_clips, locate, speech_power
from voicebot.dialog.meaning import Meaning

MEANINGS = {"yes": Meaning.YES, "no": Meaning.NO, "operator": Meaning.OPERATOR}


@pytest.fixture
def folder(tmp_path):
    """A folder of 4 yes, 4 no, 40 other words, an operator, a noise, and one word of the train split."""
    head = "path\ttranscript\tspeaker\tsplit\tseconds\tsource\tlicence"
    said = [("yes", 4), ("no", 4), ("left", 40), ("operator", 1), ("(noise) fan", 1)]
    lines = [
        f"c/{words.split()[-1]}{n}.wav\t{words}\t{n}\tdev\t1\t-\tCC0" for words, count in said for n in range(count)
    ]
    (tmp_path / "c").mkdir()
    (tmp_path / "manifest.tsv").write_text("\n".join([head, *lines, "c/t.wav\tyes\tt\ttrain\t1\t-\tCC0", ""]))
    for line in [*lines, "c/t.wav\t"]:
        soundfile.write(tmp_path / line.split("\t")[0], np.zeros(800), 8000)
    return tmp_path


def test_clips_of_a_split_are_told_with_what_they_mean(folder):
    clips = find_clips(folder, "dev", MEANINGS.get)
    assert len(clips) == 49
    assert [clip.truth for clip in clips[:8]].count(Meaning.YES) == 4
    assert {clip.truth for clip in clips[8:]} == {None, Meaning.OPERATOR}
    assert {clip.corpus for clip in clips} == {"c"}


def test_the_order_is_random_but_always_the_same(folder):
    names = [clip.name for clip in find_clips(folder, "dev", MEANINGS.get)]
    assert names == [clip.name for clip in find_clips(folder, "dev", MEANINGS.get)]
    assert names != sorted(names)


def test_a_limit_keeps_four_others_for_each_answer(folder):
    clips = find_clips(folder, "dev", MEANINGS.get, most=3)
    assert [clip.truth in {Meaning.YES, Meaning.NO} for clip in clips] == [True] * 3 + [False] * 12


def test_speech_is_where_it_is_loud(word):
    assert (word.starts_ms, word.ends_ms) == (300.0, 700.0)


def test_quiet_sound_below_30_db_is_no_speech(word):
    samples = word.samples.copy()
    samples[6400:] = 200  # 29 dB under the tone's root mean square
    assert locate(samples).ends_ms == 1000.0
    samples[6400:] = 150  # 31.5 dB
    assert locate(samples).ends_ms == 700.0


def test_a_recording_that_is_loud_to_its_end_does_not_fall(word):
    assert falls(word)
    assert not falls(locate(word.samples[:5600]))


def test_pauses_do_not_count_in_the_level_of_speech(word):
    assert speech_power(word) == pytest.approx(8000**2 / 2, rel=0.01)


def test_the_shortest_recording_is_one_window():
    assert locate(np.array([1000, -1000], np.int16)).ends_ms == 20.0
