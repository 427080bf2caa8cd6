"""What a recognizer offers and the sound it is about are kept, read back with opinions, and weights fitted to them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the weights are fitted with scipy, in the acoustic extra")

from acoustic.calibrate import CONDITIONS, evidence_of, fit, listen, read_rows
from acoustic.channel import Surroundings
from acoustic.shards import Clip, write_shard
from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.speech.audio import read_audio
from voicebot.speech.confidence import weigh

AUDIO = Path(__file__).parents[1] / "audio"
SAID = {"yes": Meaning.YES, "no": Meaning.NO, "three": None}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What is known of some recordings after they were heard, kept and read back."""
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        told = [row for row in csv.DictReader(file, delimiter="\t") if row["transcript"] in SAID]
    chosen = [row for word in SAID for row in [row for row in told if row["transcript"] == word][:4]]
    clips = [Clip(read_audio(AUDIO / row["path"]), row["transcript"], row["speaker"], "gsc") for row in chosen]
    around = Surroundings([clip.samples.astype(np.float64) for clip in clips], [np.ones(8000)], ())
    heard = listen(clips, CONDITIONS[0], assets.MODEL, around)
    work = tmp_path_factory.mktemp("work")
    (work / "utterances.json").write_text(json.dumps([row for row, _ in heard]), "utf-8")
    write_shard(work / "utterances.npz", [clip for _, clip in heard])
    return read_rows(work, assets.MODEL)


def test_the_sound_that_is_kept_is_what_was_said(rows):
    held = {word: [row["opinion"][word] for row in rows if row["text"] == word] for word in ("yes", "no")}
    assert all(len(shares) == 4 for shares in held.values())
    assert all(np.median(shares) > 0.8 for shares in held.values())


def test_under_the_weights_that_are_fitted_the_truth_is_likeliest(rows):
    weights = fit(rows)
    best = [max(told := weigh(evidence_of(row), weights), key=told.__getitem__) for row in rows]
    truths = [Meaning(row["truth"]) if row["truth"] else None for row in rows]
    assert sum(answer == truth for answer, truth in zip(best, truths, strict=True)) >= len(rows) - 1
