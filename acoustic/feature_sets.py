"""Prepared features on disk, and batches of them: what a training reads.

A folder holds `<group>.<copy>.npz` (feats float16 [frames, 32], offs: where utterances begin and end) with a `.jsonl`
beside it (one line an utterance, with "text"). Copies are the same utterances through other telephone channels: an
epoch takes one of each group, the next epoch the next one. Never computes features and never learns.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import numpy as np

from acoustic.network import STEP, Design, spliced_rows

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

COPIES_AN_EPOCH = {"recorded": 2}
"""People are worth more than synthetic voices: two channels of each recording an epoch. Other groups: one."""


@dataclass(frozen=True)
class Utterances:
    """Features of many utterances end to end [frames, 32], where each begins and ends, and what was said."""

    features: NDArray[np.float16]
    bounds: list[tuple[int, int]]
    texts: list[str]

    def statistics(self, generator: random.Random, most: int = 2000) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and standard deviation [32] of the features of some utterances."""
        chosen = generator.sample(self.bounds, min(most, len(self.bounds)))
        features = np.concatenate([self.features[start:end] for start, end in chosen]).astype(np.float32)
        return features.mean(axis=0), features.std(axis=0)

    def batches(self, generator: random.Random, frames: int) -> list[list[int]]:
        """Return all utterances in batches of about equally long ones, at most `frames` outputs each, shuffled."""
        lengths = [-(-(end - start) // STEP) for start, end in self.bounds]
        order = sorted(range(len(lengths)), key=lambda i: lengths[i] * STEP + generator.random() * 20)
        batches: list[list[int]] = []
        longest = 0
        for i in order:
            longest = max(longest, lengths[i])
            if not batches or longest * (len(batches[-1]) + 1) > frames:
                batches.append([])
                longest = lengths[i]
            batches[-1].append(i)
        generator.shuffle(batches)
        return batches

    def spliced(self, batch: Sequence[int], design: Design) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the network's inputs [utterances, left + T + right, inputs] and how many outputs each has."""
        rows = [spliced_rows(end - start, design) + start for start, end in map(self.bounds.__getitem__, batch)]
        longest = max(map(len, rows))
        padded = np.stack([np.pad(row, ((0, longest - len(row)), (0, 0)), mode="edge") for row in rows])
        inputs = self.features[padded].reshape(len(rows), longest, -1).astype(np.float32)
        return inputs, np.array([len(row) - design.left - design.right for row in rows])


class FeatureSets:
    """All groups of a folder and their copies.

    Raises click.ClickException when the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        copies: dict[str, dict[int, Path]] = defaultdict(dict)
        for path in sorted(folder.glob("*.npz")):
            if match := re.fullmatch(r"(.+)\.(\d+)\.npz", path.name):
                copies[match[1]][int(match[2])] = path
        if not copies:
            raise click.ClickException(f"{folder} holds no features (<group>.<copy>.npz): run acoustic.prepare first.")
        self.groups: Mapping[str, list[Path]] = {
            group: [path for _, path in sorted(numbered.items())] for group, numbered in sorted(copies.items())
        }

    def epoch(self, number: int) -> Utterances:
        """Return the utterances of an epoch, counted from 0: the same ones whenever it is asked for."""
        features, bounds, texts, frames = [], [], [], 0
        for path in self._paths(number):
            with np.load(path) as stored:
                feats, offsets = stored["feats"], stored["offs"].tolist()
            features.append(feats)
            bounds += [(start + frames, end + frames) for start, end in itertools.pairwise(offsets)]
            texts += [json.loads(line)["text"] for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines()]
            frames += len(feats)
            if len(texts) != len(bounds):
                raise click.ClickException(f"{path} and its .jsonl differ: {len(bounds)} and {len(texts)} utterances.")
        return Utterances(np.concatenate(features), bounds, texts)

    def _paths(self, epoch: int) -> Iterator[Path]:
        for group, paths in self.groups.items():
            many = min(COPIES_AN_EPOCH.get(group, 1), len(paths))
            for i in range(many):
                yield paths[(epoch * many + i) % len(paths)]
