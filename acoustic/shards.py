"""Speech on disk between the stages of training: 8 kHz sound and what is said in it. Knows no corpus, no channel."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicebot.speech.codec import Samples


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording."""

    samples: Samples
    """8 kHz, without any channel."""
    text: str
    """Lower-case words; empty for a noise."""
    speaker: str
    corpus: str


def write_shard(path: Path, clips: Iterable[Clip]) -> int:
    """Write clips to `path` (.npz, with a .jsonl beside it); both appear only when whole. Returns how many."""
    kept = list(clips)
    lengths = [len(clip.samples) for clip in kept]
    sound = np.concatenate([clip.samples for clip in kept]) if kept else np.zeros(0, np.int16)
    told = [{"text": clip.text, "speaker": clip.speaker, "corpus": clip.corpus} for clip in kept]
    partial = path.with_suffix(".part.npz")
    np.savez(partial, sound=sound, ends=np.cumsum(lengths))
    path.with_suffix(".jsonl").write_text("".join(json.dumps(row) + "\n" for row in told), "utf-8")
    partial.replace(path)
    return len(kept)


def read_shard(path: Path) -> list[Clip]:
    """Return the clips of a shard, in order."""
    with np.load(path) as arrays:
        sounds = np.split(arrays["sound"], arrays["ends"])[:-1]
    rows = map(json.loads, path.with_suffix(".jsonl").read_text("utf-8").splitlines())
    return [Clip(sound, **row) for sound, row in zip(sounds, rows, strict=True)]
