"""Trains the word network: which answer, which other word, or nothing at all, from whole utterances.

    python -m acoustic.train_words --work DIR

Reads the shards of collect.py, writes DIR/words.pt. Never looks at recordings of the dev speakers.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import torch
from rich.progress import Progress
from torch import Tensor

from acoustic.train_phones import quick_bfloat16
from acoustic.word_network import WordDesign, WordNetwork
from voicebot.assets import GRAMMARS
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import Grammars
from voicebot.speech.log_mel import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

YES, NO, YES_PHRASE, NO_PHRASE, ANSWER, OTHER, NOTHING = (
    *("yes", "no", "yes_phrase", "no_phrase", "answer", "other", "nothing"),
)
COMMON_ENOUGH = 200
"""Recordings of a word from which it has a class of its own."""
BATCH = 96
LONGEST = 260
"""Frames; of longer utterances a piece is seen."""
SMOOTHING = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """One prepared utterance."""

    spectrum: NDArray[np.float16]
    label: int


def labels(texts: Counter[str], recorded: Counter[str]) -> dict[str, str]:
    """Return the class of every text: by its meaning if it is an answer, else by itself if it was recorded often."""
    grammars = Grammars.load(GRAMMARS)
    return {text: _label(text, grammars, recorded) for text in texts}


def _label(text: str, grammars: Grammars, recorded: Counter[str]) -> str:
    if not text:
        return NOTHING
    if text in {YES, NO}:
        return text
    match grammars.understand("yes_no", text):
        case Meaning.YES:
            return YES_PHRASE
        case Meaning.NO:
            return NO_PHRASE
        case None:
            return text if recorded[text] >= COMMON_ENOUGH else OTHER
        case _:
            return ANSWER


def read(path: Path) -> list[tuple[NDArray[np.float16], str]]:
    """Return the spectra and texts of a prepared copy."""
    rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    with np.load(path) as arrays:
        spectra, offsets = arrays["feats"], arrays["offs"]
    return [(spectra[offsets[i] : offsets[i + 1]], row["text"]) for i, row in enumerate(rows)]


def batches(examples: list[Example], rng: random.Random) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield (spectra, lengths, labels) of examples of about the same length, in random order."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].spectrum) + 25 * rng.random())
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        pieces = [vary(examples[i].spectrum, rng) for i in group]
        lengths = torch.tensor([len(piece) for piece in pieces])
        stacked = torch.zeros(len(group), int(lengths.max()), BANDS)
        for row, piece in zip(stacked, pieces, strict=True):
            row[: len(piece)] = torch.from_numpy(piece.astype(np.float32))
        yield stacked, lengths, torch.tensor([examples[i].label for i in group])


def vary(spectrum: NDArray[np.float16], rng: random.Random) -> NDArray[np.float16]:
    """Return a piece of the spectrum with other ends, and at times with a band or a moment blotted out."""
    start, end = rng.randint(0, 6), len(spectrum) - rng.randint(0, 6)
    if end - start > LONGEST:
        start = rng.randint(start, end - LONGEST)
        end = start + LONGEST
    piece = spectrum[start:end].copy() if end - start > 16 else spectrum.copy()
    if rng.random() < 0.5:
        low, width = rng.randrange(BANDS - 8), rng.randint(1, 8)
        piece[:, low : low + width] = piece.mean()
    if rng.random() < 0.3:
        at, length = rng.randrange(len(piece)), rng.randint(1, 8)
        piece[at : at + length] = piece.mean()
    return piece


def learn(network: WordNetwork, epochs: list[list[Example]], rate: float, seed: int, state: Path) -> None:
    """Train a network on each epoch's examples, with a one-cycle learning rate; `state` keeps it after every epoch."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=5e-3)
    steps = sum(math.ceil(len(examples) / BATCH) for examples in epochs)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.15)
    done = _resume(state, network, optimizer, schedule)
    with Progress() as progress:
        task = progress.add_task("word network", total=len(epochs), completed=done)
        for epoch in range(done, len(epochs)):
            loss = _epoch(network, batches(epochs[epoch], random.Random(f"{seed}/{epoch}")), optimizer, schedule)
            kept = {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
            }
            torch.save({**kept, "epoch": epoch + 1}, state.with_suffix(".tmp"))
            state.with_suffix(".tmp").replace(state)
            progress.update(task, advance=1, description=f"word network, loss {loss:.4f}")
            progress.console.print(f"epoch {epoch + 1} loss {loss:.4f}")


def _resume(state: Path, network: WordNetwork, optimizer: Any, schedule: Any) -> int:
    if not state.exists():
        return 0
    kept = torch.load(state, weights_only=True)
    network.load_state_dict(kept["network"])
    optimizer.load_state_dict(kept["optimizer"])
    schedule.load_state_dict(kept["schedule"])
    return int(kept["epoch"])


def _epoch(
    network: WordNetwork, groups: Iterator[tuple[Tensor, Tensor, Tensor]], optimizer: Any, schedule: Any
) -> float:
    network.train()
    losses = []
    for spectra, lengths, targets in groups:
        with torch.autocast("cpu", torch.bfloat16, enabled=quick_bfloat16()):
            logits = network(spectra, lengths)
        loss = torch.nn.functional.cross_entropy(logits.float(), targets, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def train(work: Path, epochs: int, rate: float, seed: int) -> Path:
    """Train on every prepared copy in `work`/words in turn; returns the file with the network."""
    out = work / f"words.{seed}.pt"
    if out.exists():
        return out
    torch.manual_seed(seed)
    copies = {path.stem: read(path) for path in sorted((work / "words").glob("*.npz"))}
    spoken = Counter(text for rows in copies.values() for _, text in rows)
    recorded = Counter(text for _, text in copies["recorded.0"])
    label_of = labels(spoken, recorded)
    classes = tuple(sorted(set(label_of.values()) | {OTHER, NOTHING}))
    number = {name: i for i, name in enumerate(classes)}
    prepared = {
        stem: [Example(spectrum, number[label_of[text]]) for spectrum, text in rows] for stem, rows in copies.items()
    }
    network = WordNetwork(WordDesign(classes))
    _measure_input(network, prepared["recorded.0"])
    click.echo(f"{len(classes)} classes: {', '.join(classes)}")
    listed = [_epoch_examples(prepared, epoch) for epoch in range(epochs)]
    learn(network, listed, rate, seed, work / f"words.{seed}.state.pt")
    torch.save({"design": asdict(network.design), "network": network.eval().state_dict()}, out)
    return out


def _epoch_examples(prepared: dict[str, list[Example]], epoch: int) -> list[Example]:
    """Return two copies of the recordings, half a copy of the synthetic voices, and the noises; others each epoch."""
    names = sorted({stem.split(".")[0] for stem in prepared})
    examples = []
    for name in names:
        copies = sorted(stem for stem in prepared if stem.startswith(f"{name}."))
        times = 2 if name == "recorded" else 1
        for turn in range(times):
            copy = prepared[copies[(epoch * times + turn) % len(copies)]]
            examples += copy[epoch // len(copies) % 2 :: 2] if name == "synthetic" else copy
    return examples


def _measure_input(network: WordNetwork, examples: list[Example]) -> None:
    levelled = [e.spectrum.astype(np.float32) - e.spectrum.astype(np.float32).mean() for e in examples[:3000]]
    frames = np.concatenate(levelled)
    network.mean[:] = torch.from_numpy(frames.mean(0))
    network.scale[:] = torch.from_numpy(1 / frames.std(0))


@click.command()
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--epochs", default=24, show_default=True)
@click.option("--rate", default=2e-3, show_default=True, help="Highest learning rate.")
@click.option("--seed", default=1, show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True)
def main(work: Path, epochs: int, rate: float, seed: int, threads: int) -> None:
    """Train the word network."""
    torch.set_num_threads(threads)
    click.echo(str(train(work, epochs, rate, seed)))


if __name__ == "__main__":
    main()
