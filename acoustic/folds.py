"""Speakers in folds: which people a training leaves out, and its prepared features without them. Trains nothing.

A fold is decided by a hash of who speaks, so it is the same on every machine and all clips of a person are in one.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PEOPLE = "recorded"
"""The group of features that people spoke. Programs' voices and noises are nobody: no fold leaves them out."""


def fold_of(corpus: str, speaker: str, folds: int) -> int:
    """Return the fold of a speaker, counted from 0."""
    return zlib.crc32(f"{corpus}/{speaker}".encode()) % folds


def leave_out(prepared: Path, out: Path, fold: int, folds: int) -> int:
    """Write the features of the folder `prepared` into `out` without the speakers of a fold.

    Groups in which no person speaks are linked. Copies that are there are not made again. Returns how many clips of
    people are left out of one copy.
    """
    out.mkdir(parents=True, exist_ok=True)
    left_out = 0
    for path in sorted(prepared.glob("*.npz")):
        made = out / path.name
        if not path.name.startswith(f"{PEOPLE}."):
            for name in (path.name, path.with_suffix(".jsonl").name):
                (out / name).unlink(missing_ok=True)
                (out / name).symlink_to((prepared / name).resolve())
            continue
        rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines()]
        stays = [not _is_in(row, fold, folds) for row in rows]
        left_out = stays.count(False)
        if not made.exists():
            _write(path, made, rows, stays)
    return left_out


def _is_in(row: Mapping[str, str], fold: int, folds: int) -> bool:
    return fold_of(row["corpus"], row["speaker"], folds) == fold


def _write(path: Path, made: Path, rows: list[dict[str, str]], stays: list[bool]) -> None:
    with np.load(path) as stored:
        features, offsets = stored["feats"], stored["offs"]
    kept = [number for number, stay in enumerate(stays) if stay]
    pieces = [features[offsets[number] : offsets[number + 1]] for number in kept]
    made.with_suffix(".jsonl").write_text("".join(json.dumps(rows[number]) + "\n" for number in kept), "utf-8")
    partial = made.with_suffix(".part.npz")
    np.savez(partial, feats=np.concatenate(pieces), offs=np.cumsum([0, *map(len, pieces)]))
    partial.replace(made)
