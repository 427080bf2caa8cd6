"""Clean shards -> what the networks are trained on: features of sound sent through the telephone channel. No training.

    python -m acoustic.prepare --work DIR

Every shard is prepared several times through other channels; an epoch of training takes one or two of these copies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from acoustic.channel import Surroundings, telephone
from acoustic.features import mfcc
from acoustic.shards import Clip, read_shard
from voicebot.speech.log_mel import log_mel

COPIES = {"recorded": 6, "synthetic": 2, "silent": 1}
"""How many times each shard is prepared for each network."""
NETWORKS = {"phones": (mfcc, 100), "words": (log_mel, 200)}
"""What each network hears, and where the seeds of its copies begin."""
STRETCH = {"synthetic": 0.7}
"""How often the voices of a corpus are made others'; recorded people are many already."""
STRETCH_RECORDED = 0.4
FEWEST_FRAMES = 12
"""Shorter speech teaches nothing."""
CHUNK = 500
Featurize = Callable[[NDArray[np.float64]], NDArray[np.float32]]
One = Callable[[Clip, np.random.Generator], NDArray[np.float16] | None]
_worker: dict[str, Any] = {}


def prepare_all(work: Path, jobs: int = 2) -> None:
    """Write every copy of every shard into `work`/phones and `work`/words; copies that are there are not made again."""
    for network, (featurize, first_seed) in NETWORKS.items():
        (work / network).mkdir(exist_ok=True)
        for name, copies in COPIES.items():
            for copy in range(copies):
                out = work / network / f"{name}.{copy}.npz"
                if not out.exists():
                    count = prepare(work / f"{name}.npz", work, out, first_seed + copy, featurize, jobs)
                    click.echo(f"{network}/{out.name}: {count} clips")


def prepare(shard: Path, around: Path, out: Path, seed: int, featurize: Featurize, jobs: int = 2) -> int:
    """Write the features of one augmented copy of `shard` to `out` (.npz and .jsonl); returns how many clips.

    `around` is a folder with the shards noises.npz and rooms.npz. The channel of a clip depends on the seed and its
    place in the shard only, not on `jobs`.
    """
    clips = read_shard(shard)
    surroundings = Surroundings(
        speech=[clip.samples.astype(np.float64) for clip in clips[:: max(1, len(clips) // 2000)] if len(clip.samples)],
        noises=[clip.samples.astype(np.float64) for clip in read_shard(around / "noises.npz")],
        rooms=[clip.samples.astype(np.float64) for clip in read_shard(around / "rooms.npz")],
    )
    numbered = list(enumerate(clips))
    chunks = [numbered[start : start + CHUNK] for start in range(0, len(numbered), CHUNK)]
    with get_context("fork").Pool(
        jobs, _begin, (partial(_one, around=surroundings, featurize=featurize), seed)
    ) as pool:
        done = [row for rows in track(pool.imap(_features, chunks), out.stem, len(chunks)) for row in rows]
    kept = [(clip, features) for (_, clip), features in zip(numbered, done, strict=True) if features is not None]
    write_features(out, [clip for clip, _ in kept], [features for _, features in kept])
    return len(kept)


def write_features(out: Path, clips: Sequence[Clip], features: Sequence[NDArray[np.float16]]) -> None:
    """Write features end to end with the place where each clip begins, and a JSON line a clip."""
    partial_file = out.with_suffix(".part.npz")
    offsets = np.cumsum([0, *map(len, features)])
    np.savez(partial_file, feats=np.concatenate(features), offs=offsets)
    rows = ({"text": clip.text, "speaker": clip.speaker, "corpus": clip.corpus} for clip in clips)
    out.with_suffix(".jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    partial_file.replace(out)


def _begin(one: One, seed: int) -> None:
    """Keep what every clip of a worker needs: it comes with the fork, not through a pipe with each chunk."""
    _worker.update(one=one, seed=seed)


def _features(numbered: list[tuple[int, Clip]]) -> list[NDArray[np.float16] | None]:
    return [_worker["one"](clip, np.random.default_rng((_worker["seed"], number))) for number, clip in numbered]


def _one(
    clip: Clip, rng: np.random.Generator, *, around: Surroundings, featurize: Featurize
) -> NDArray[np.float16] | None:
    stretch = STRETCH.get(clip.corpus, STRETCH_RECORDED)
    features = featurize(telephone(clip.samples, rng, around, stretch=stretch))
    whole = len(features) >= FEWEST_FRAMES and bool(np.isfinite(features).all())
    return features.astype(np.float16) if whole else None


@click.command()
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
def main(work: Path) -> None:
    """Prepare what the networks are trained on."""
    prepare_all(work)


if __name__ == "__main__":
    main()
