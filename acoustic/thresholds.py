"""What each threshold of confidence would do to the recordings of the dev speakers: the table thresholds are chosen by.

    python -m acoustic.thresholds --work DIR --model voicebot/speech/model

Reads what calibrate.py heard. The thresholds themselves stand in voicebot/dialog/answers.py and are changed by hand.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acoustic.calibrate import CONDITIONS, Row, evidence_of, fit, read_rows
from voicebot.dialog.meaning import Meaning
from voicebot.speech.confidence import Weights, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99)


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance as the weights decide it."""

    condition: str
    said: str
    truth: Meaning | None
    meaning: Meaning | None
    confidence: float
    synthetic: bool


def decided(rows: Sequence[Row], weights: Weights) -> Iterator[Heard]:
    """Yield what is made of each utterance."""
    for row in rows:
        probabilities = weigh(evidence_of(row), weights)
        best = max(probabilities, key=lambda answer: probabilities[answer])
        meaning = best if isinstance(best, Meaning) else None
        truth = Meaning(row["truth"]) if row["truth"] else None
        yield Heard(row["condition"], row["text"], truth, meaning, probabilities[best], row["corpus"] == "synthetic")


def crossed(rows: Sequence[Row]) -> Iterator[Heard]:
    """Yield the same with weights fitted on the other half of the speakers."""
    halves: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        halves[zlib.crc32(row["speaker"].encode()) % 2].append(row)
    for mine, others in (halves, halves[::-1]):
        yield from decided(mine, fit(others))


def table(heard: Sequence[Heard]) -> str:
    """Return a line a threshold: yes and no heard right, swapped, and other speech taken for any answer."""
    lines = ["   at     yes      no    swapped   other speech"]
    said = {word: [h for h in heard if h.said == word] for word in ("yes", "no")}
    other = [h for h in heard if h.truth is None]
    for threshold in THRESHOLDS:
        taken = [h for h in heard if h.confidence >= threshold and h.meaning is not None]
        right = {word: sum(h.said == word and h.meaning is h.truth for h in taken) for word in said}
        swapped = sum(h.said in said and h.meaning in said and h.meaning is not h.truth for h in taken)
        false = sum(h.truth is None for h in taken)
        shares = (100 * right[word] / max(1, len(said[word])) for word in said)
        yes, no = (f"{share:6.1f}%" for share in shares)
        lines.append(f"{threshold:6.3f} {yes} {no} {swapped:6}     {false:4} {100 * false / max(1, len(other)):5.2f}%")
    return "\n".join(lines)


@click.command()
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--model", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
def main(work: Path, model: Path) -> None:
    """Print what each threshold would do, with weights fitted on other speakers than they are tried on."""
    heard = list(crossed(read_rows(work, model)))
    for condition in CONDITIONS:
        people = [h for h in heard if h.condition == condition and not h.synthetic]
        click.echo(f"\n{condition}: {len(people)} utterances of people\n{table(people)}")
    voices = [h for h in heard if h.synthetic]
    click.echo(f"\nsynthetic voices kept for scoring: {len(voices)} utterances\n{table(voices)}")


if __name__ == "__main__":
    main()
