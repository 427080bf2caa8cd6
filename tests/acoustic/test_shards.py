import numpy as np

from acoustic.shards import Clip, read_shard, write_shard


def clip(length, text):
    return Clip(np.arange(length, dtype=np.int16), text, f"speaker of {text}", "gsc")


def test_clips_come_back_as_they_were_written(tmp_path):
    clips = [clip(5, "yes"), clip(0, ""), clip(9, "no i don't")]
    assert write_shard(tmp_path / "a.npz", clips) == 3
    back = read_shard(tmp_path / "a.npz")
    assert [(c.text, c.speaker, c.corpus, c.samples.tolist()) for c in back] == [
        (c.text, c.speaker, c.corpus, c.samples.tolist()) for c in clips
    ]


def test_a_shard_may_be_empty(tmp_path):
    assert write_shard(tmp_path / "a.npz", []) == 0
    assert read_shard(tmp_path / "a.npz") == []


def test_nothing_unfinished_is_left_beside_it(tmp_path):
    write_shard(tmp_path / "a.npz", [clip(5, "yes")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.npz"]
