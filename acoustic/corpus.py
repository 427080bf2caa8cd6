"""Recorded speech: which recordings there are, what may be done with them, and proof that the parts do not mix.

Two kinds of folder are read: one with a manifest.tsv (path, transcript, speaker, split, seconds, source, licence), and
the original Speech Commands data (a folder a word, validation_list.txt, testing_list.txt). Never changes a sound.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import click
import numpy as np

from acoustic.shards import Clip
from voicebot.errors import VoicebotError
from voicebot.speech.audio import read_audio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHARE_ALIKE = re.compile(r"BY.?SA|share.?alike|GPL", re.IGNORECASE)
"""Licences that would bind whatever is made from the recordings: these are scored on, never trained on."""
LONGEST_S = 15.0
"""Longer recordings cost more memory in training than they teach."""
QUIETEST = 100
"""A recording that never exceeds this (of 32,767) is taken for empty."""
LISTS = ("validation_list.txt", "testing_list.txt")
"""What the original Speech Commands data calls its official parts."""
COLUMNS = ("path", "transcript", "speaker", "split", "licence")


class Split(StrEnum):
    """What a recording is for."""

    TRAIN = "train"
    DEV = "dev"


class Kind(StrEnum):
    """What a recording holds."""

    SPEECH = "speech"
    NOISE = "noise"
    ROOM = "room"
    """The response of a room to one click."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of a corpus."""

    path: Path
    text: str
    """Lower-case words; empty unless it is speech with a transcript."""
    speaker: str
    split: Split
    corpus: str
    licence: str
    kind: Kind = Kind.SPEECH


def read_corpus(folder: Path) -> list[Recording]:
    """Return every recording of a folder, checked (see `check`).

    Raises click.ClickException naming what is wrong with the folder.
    """
    if (folder / "manifest.tsv").is_file():
        recordings = list(_manifest(folder))
    elif all((folder / name).is_file() for name in LISTS):
        recordings = list(_speech_commands(folder))
    else:
        raise click.ClickException(f"{folder} has neither a manifest.tsv nor {' and '.join(LISTS)}.")
    check(recordings)
    return recordings


def check(recordings: Iterable[Recording]) -> None:
    """Raise click.ClickException if a file is missing, a speaker is in both splits, or share-alike speech in train."""
    faults = []
    splits: dict[tuple[str, str], Split] = {}
    for recording in recordings:
        if not recording.path.is_file():
            faults.append(f"{recording.path} is missing.")
        if recording.split is Split.TRAIN and SHARE_ALIKE.search(recording.licence):
            faults.append(
                f"{recording.path} is share-alike ({recording.licence}): it may be scored on, not trained on."
            )
        key = (recording.corpus, recording.speaker)
        if recording.kind is Kind.SPEECH and splits.setdefault(key, recording.split) is not recording.split:
            faults.append(f"Speaker {recording.speaker} of {recording.corpus} is in train and dev.")
    if faults:
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        raise click.ClickException(" ".join(dict.fromkeys(faults[:5])) + more)


def load(recordings: Iterable[Recording]) -> Iterator[Clip]:
    """Yield the sound of recordings at 8 kHz; empty, broken and very long ones are named and left out."""
    for recording in recordings:
        try:
            samples = read_audio(recording.path)
        except VoicebotError as error:
            click.echo(f"Left out: {error}", err=True)
            continue
        if not len(samples) or np.abs(samples.astype(np.int32)).max() < QUIETEST:
            click.echo(f"Left out: {recording.path} is silent.", err=True)
        elif len(samples) > LONGEST_S * 8000 and recording.kind is Kind.SPEECH:
            click.echo(f"Left out: {recording.path} is longer than {LONGEST_S:.0f} s.", err=True)
        else:
            yield Clip(samples, recording.text, recording.speaker, recording.corpus)


def summary(recordings: Iterable[Recording]) -> str:
    """Return a line for each corpus and split: how many recordings by how many speakers."""
    rows = list(recordings)
    counts = Counter((row.corpus, row.split) for row in rows)
    speakers = Counter((corpus, split) for corpus, split, _ in {(row.corpus, row.split, row.speaker) for row in rows})
    lines = [
        f"{corpus:18} {split:6} {count:6} by {speakers[corpus, split]}" for (corpus, split), count in counts.items()
    ]
    return "\n".join(sorted(lines))


def _manifest(folder: Path) -> Iterator[Recording]:
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise click.ClickException(f"{file.name} lacks the columns {', '.join(sorted(missing))}.")
        for number, row in enumerate(reader, start=2):
            if None in row.values() or row["split"] not in set(Split):
                raise click.ClickException(f"{file.name}, line {number}: not a whole row with split train or dev.")
            kind = _kind(row)
            yield Recording(
                path=folder / row["path"],
                text=_words(row["transcript"]) if kind is Kind.SPEECH else "",
                speaker=row["speaker"],
                split=Split(row["split"]),
                corpus=row["path"].split("/")[0],
                licence=row["licence"],
                kind=kind,
            )


def _kind(row: dict[str, str]) -> Kind:
    if not row["transcript"].startswith("(noise)"):
        return Kind.SPEECH
    return Kind.ROOM if row["transcript"].startswith("(noise) rir") else Kind.NOISE


def _words(transcript: str) -> str:
    """Return the words; a transcript with a remark in brackets has none."""
    return "" if "(" in transcript else " ".join(re.sub(r"[^a-z' ]", " ", transcript.lower()).split())


def _speech_commands(folder: Path) -> Iterator[Recording]:
    """Yield the official training and validation parts; the official test part is left alone."""
    dev, test = (set((folder / name).read_text("utf-8").split()) for name in LISTS)
    for path in sorted(folder.glob("*/*.wav")):
        word, name = path.parent.name, f"{path.parent.name}/{path.name}"
        if name in test:
            continue
        noise = word.startswith("_")
        yield Recording(
            path=path,
            text="" if noise else word,
            speaker="" if noise else path.name.split("_nohash_")[0],
            split=Split.DEV if name in dev else Split.TRAIN,
            corpus="noise" if noise else "gsc",
            licence="CC-BY-4.0",
            kind=Kind.NOISE if noise else Kind.SPEECH,
        )
