"""Every clip of a speaker is in one fold, and what a training reads of a fold's speakers is nothing."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acoustic.folds import fold_of, leave_out

FOLDS = 3
SPEAKERS = [f"speaker{number}" for number in range(12)]


@pytest.fixture
def prepared(tmp_path):
    """A copy of what twelve people said, two clips each of other lengths, and of what a program said."""
    folder = tmp_path / "phones"
    folder.mkdir()
    for name, corpus in (("recorded.0", "people"), ("recorded.1", "people"), ("synthetic.0", "synthetic")):
        rows = [{"text": f"word {i}", "speaker": SPEAKERS[i // 2], "corpus": corpus} for i in range(24)]
        offsets = np.cumsum([0, *(3 + i for i in range(24))])
        features = np.repeat(np.arange(24, dtype=np.float16), np.diff(offsets))[:, None]
        np.savez(folder / f"{name}.npz", feats=features, offs=offsets)
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def clips(path):
    """The text, speaker and features of every clip of a copy."""
    rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
    with np.load(path) as stored:
        pieces = np.split(stored["feats"], stored["offs"][1:-1])
    return [(row["text"], row["speaker"], piece) for row, piece in zip(rows, pieces, strict=True)]


@given(st.text(), st.text(), st.integers(2, 10))
def test_a_speaker_is_always_in_the_same_fold(corpus, speaker, folds):
    assert fold_of(corpus, speaker, folds) == fold_of(corpus, speaker, folds) < folds


def test_folds_are_about_equally_large():
    counts = np.bincount([fold_of("gsc", f"{number:08x}", FOLDS) for number in range(3000)])
    assert counts.min() > 900


def test_every_speaker_is_left_out_of_one_fold_and_of_no_other(prepared, tmp_path):
    left_out = []
    for fold in range(FOLDS):
        count = leave_out(prepared, tmp_path / str(fold), fold, FOLDS)
        stays = {speaker for _, speaker, _ in clips(tmp_path / str(fold) / "recorded.0.npz")}
        left_out += sorted(set(SPEAKERS) - stays)
        assert count == 24 - 2 * len(stays)
    assert sorted(left_out) == sorted(SPEAKERS)


def test_what_stays_is_what_it_was(prepared, tmp_path):
    leave_out(prepared, tmp_path / "0", 0, FOLDS)
    for copy in ("recorded.0.npz", "recorded.1.npz"):
        for text, _, features in clips(tmp_path / "0" / copy):
            number = int(text.split()[1])
            assert features[:, 0].tolist() == [number] * (3 + number)


def test_programs_are_left_out_of_no_fold(prepared, tmp_path):
    for fold in range(FOLDS):
        leave_out(prepared, tmp_path / str(fold), fold, FOLDS)
        assert len(clips(tmp_path / str(fold) / "synthetic.0.npz")) == 24


def test_a_copy_that_is_there_is_not_made_again(prepared, tmp_path):
    out = tmp_path / "0"
    count = leave_out(prepared, out, 0, FOLDS)
    before = (out / "recorded.0.npz").stat().st_mtime_ns
    assert leave_out(prepared, out, 0, FOLDS) == count
    assert (out / "recorded.0.npz").stat().st_mtime_ns == before
