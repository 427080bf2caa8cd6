"""Epochs take other copies of the same utterances, and batches hold about equally long ones."""

import json
import random

import click
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("kaldi_native_fbank", reason="the extra acoustic is not installed")

from acoustic.feature_sets import FeatureSets
from acoustic.network import Design


def write(folder, name, lengths):
    """Features that are all the number of their utterance."""
    feats = np.concatenate([np.full((length, 32), i, np.float16) for i, length in enumerate(lengths)])
    np.savez(folder / f"{name}.npz", feats=feats, offs=np.cumsum([0, *lengths]))
    lines = [json.dumps({"text": f"{name} {i}"}) for i in range(len(lengths))]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


@pytest.fixture
def folder(tmp_path):
    for name, copies in (("recorded", 3), ("synthetic", 2), ("silent", 1)):
        for copy in range(copies):
            write(tmp_path, f"{name}.{copy}", [20, 31])
    return tmp_path


def taken(folder, epoch):
    return {text.split()[0] for text in FeatureSets(folder).epoch(epoch).texts}


def test_an_epoch_takes_two_copies_of_recordings_and_one_of_others(folder):
    assert taken(folder, 0) == {"recorded.0", "recorded.1", "synthetic.0", "silent.0"}
    assert taken(folder, 1) == {"recorded.2", "recorded.0", "synthetic.1", "silent.0"}
    assert taken(folder, 2) == {"recorded.1", "recorded.2", "synthetic.0", "silent.0"}


def test_a_single_copy_is_taken_once(tmp_path):
    write(tmp_path, "recorded.0", [20, 31])
    assert FeatureSets(tmp_path).epoch(0).texts == ["recorded.0 0", "recorded.0 1"]


def test_each_utterance_keeps_its_own_features(folder):
    epoch = FeatureSets(folder).epoch(0)
    for text, (start, end) in zip(epoch.texts, epoch.bounds, strict=True):
        number = int(text.split()[1])
        assert (epoch.features[start:end] == number).all()
        assert end - start == [20, 31][number]


def test_a_folder_without_features_is_told(tmp_path):
    with pytest.raises(click.ClickException, match="holds no features"):
        FeatureSets(tmp_path)


def test_features_and_texts_that_differ_are_told(folder):
    (folder / "silent.0.jsonl").write_text('{"text": "one"}\n')
    with pytest.raises(click.ClickException, match=r"silent\.0\.npz and its \.jsonl differ"):
        FeatureSets(folder).epoch(0)


def test_batches_hold_every_utterance_once_and_no_more_outputs_than_allowed(tmp_path):
    rng = random.Random(5)
    lengths = [rng.randint(12, 300) for _ in range(200)]
    write(tmp_path, "synthetic.0", lengths)
    batches = FeatureSets(tmp_path).epoch(0).batches(random.Random(1), frames=400)
    assert sorted(i for batch in batches for i in batch) == list(range(200))
    outputs = [[-(-lengths[i] // 3) for i in batch] for batch in batches]
    assert all(max(batch) * len(batch) <= 400 for batch in outputs)
    assert all(max(batch) - min(batch) <= 60 for batch in outputs)


def test_batches_depend_on_their_chance_only(folder):
    epoch = FeatureSets(folder).epoch(0)
    assert epoch.batches(random.Random(1), 40) == epoch.batches(random.Random(1), 40)


def test_inputs_are_spliced_within_their_utterance(folder):
    epoch = FeatureSets(folder).epoch(0)
    design = Design()
    inputs, outputs = epoch.spliced([1, 0], design)
    assert outputs.tolist() == [11, 7]
    assert inputs.shape == (2, design.left + 11 + design.right, design.inputs)
    assert (inputs[0] == 1).all()
    assert (inputs[1] == 0).all()
