"""Trains the phone network: every epoch over prepared features, resumed by itself where it was broken off.

    python -m acoustic.train_phones --features FOLDER --out PHONES.pt --epochs 10

The same features, seed and machine give the same network. Never makes features and never exports.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import torch
from rich.console import Console

from acoustic.feature_sets import FeatureSets, Utterances
from acoustic.lexicon import Lexicon, dictionary
from acoustic.lfmmi import Graphs, log_likelihood
from acoustic.network import Design, PhoneNetwork, save
from acoustic.phone_graphs import PhoneBigram, PhoneGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

WARM_UP = 100
"""Steps until the learning rate is reached; then it falls along a cosine to 2% of it."""
WEIGHT_DECAY = 1e-4
LARGEST_GRADIENT = 5.0
OUTPUT_COST = 2.5e-4
"""Cost of the mean square of the outputs, which are otherwise free to grow."""
HOPELESS = -300.0
"""An utterance whose transcript is this much less likely than anything else (nats) is left out of a step."""
REPORT_EVERY = 200


@dataclass(frozen=True)
class Plan:
    """All that decides what a training yields; a training is resumed with the plan it began with only."""

    features: str
    epochs: int
    learning_rate: float
    batch_frames: int
    bfloat16: bool
    seed: int

    def rate(self, step: int, steps: int) -> float:
        """Return the learning rate of a step."""
        cosine = 0.5 * (1 + math.cos(math.pi * min(1, step / steps)))
        return self.learning_rate * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * cosine)

    def generator(self, epoch: int) -> random.Random:
        """Return the chance of an epoch: its own, so that a resumed training goes on as an unbroken one would."""
        return random.Random(f"{self.seed}.{epoch}")


@dataclass
class Tally:
    """Sums over some batches."""

    objective: float = 0.0
    frames: int = 0
    hopeless: int = 0

    def __str__(self) -> str:
        hopeless = f", {self.hopeless} utterances left out" if self.hopeless else ""
        return f"objective {self.objective / max(self.frames, 1):.4f} a frame{hopeless}"


class Training:
    """A network, its optimizer and how far it is, kept in a file between epochs."""

    def __init__(self, plan: Plan, out: Path, console: Console, known: Lexicon) -> None:
        self.plan, self.out, self.console, self.known = plan, out, console, known
        self.sets = FeatureSets(Path(plan.features))
        first = self._epoch(0)
        counts = Counter(first.texts)
        self.bigram = PhoneBigram(counts, known)
        self.everything = Graphs.shared(self.bigram.everything())
        self.graphs: dict[str, PhoneGraph] = {}
        torch.manual_seed(plan.seed)
        self.network = PhoneNetwork(Design())
        mean, deviation = first.statistics(plan.generator(-1))
        self.network.mean.copy_(torch.from_numpy(mean))
        self.network.scale.copy_(torch.from_numpy(1 / deviation))
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=plan.learning_rate, weight_decay=WEIGHT_DECAY, fused=True
        )
        self.done, self.step = 0, 0
        self.steps = plan.epochs * len(first.batches(plan.generator(0), plan.batch_frames))
        hours, weights = len(first.features) / 360_000, sum(p.numel() for p in self.network.parameters())
        console.print(f"{len(first.texts)} utterances, {hours:.1f} h an epoch; {weights} weights; {self.steps} steps")

    @property
    def _unfinished(self) -> Path:
        return self.out.with_suffix(".unfinished.pt")

    def resume(self) -> None:
        """Go on after the last epoch kept, if any; raises click.ClickException if that was another plan's."""
        if not self._unfinished.exists():
            return
        state: dict[str, Any] = torch.load(self._unfinished, weights_only=True)
        if state["plan"] != asdict(self.plan):
            raise click.ClickException(f"{self._unfinished} was begun with other settings: finish or remove it.")
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.done, self.step = state["done"], state["step"]
        self.console.print(f"Going on after epoch {self.done} of {self.plan.epochs}")

    def run(self) -> None:
        """Train the epochs that are left, then write the network."""
        for epoch in range(self.done, self.plan.epochs):
            self._train(epoch)
            self.done = epoch + 1
            save(
                self.network,
                self._unfinished,
                plan=asdict(self.plan),
                optimizer=self.optimizer.state_dict(),
                done=self.done,
                step=self.step,
            )
        save(self.network, self.out)
        self._unfinished.unlink(missing_ok=True)

    def _train(self, epoch: int) -> None:
        began, whole, recent = time.monotonic(), Tally(), Tally()
        generator = self.plan.generator(epoch)
        utterances = self._epoch(epoch)
        self.network.train()
        for done in self._steps(utterances, utterances.batches(generator, self.plan.batch_frames)):
            for tally in (whole, recent):
                tally.objective += done.objective
                tally.frames += done.frames
                tally.hopeless += done.hopeless
            if self.step % REPORT_EVERY == 0:
                self.console.print(f"  step {self.step} of {self.steps}: {recent}, {time.monotonic() - began:.0f} s")
                recent = Tally()
        self.console.print(f"Epoch {epoch + 1} of {self.plan.epochs}: {whole}, {time.monotonic() - began:.0f} s")

    def _steps(self, utterances: Utterances, batches: list[list[int]]) -> Iterator[Tally]:
        for batch in batches:
            for group in self.optimizer.param_groups:
                group["lr"] = self.plan.rate(self.step, self.steps)
            self.step += 1
            yield self._learn(utterances, batch)

    def _learn(self, utterances: Utterances, batch: list[int]) -> Tally:
        """Take one step of the optimizer."""
        inputs, outputs = utterances.spliced(batch, self.network.design)
        lengths = torch.from_numpy(outputs)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.plan.bfloat16):
            scores = self.network(torch.from_numpy(inputs))
        spoken = log_likelihood(scores, lengths, Graphs.batch([self._graph(utterances.texts[i]) for i in batch]))
        margin = spoken - log_likelihood(scores, lengths, self.everything)
        hopeful = margin > HOPELESS
        frames = int(lengths[hopeful].sum())
        objective = margin[hopeful].sum() / max(frames, 1)
        counted = (torch.arange(scores.shape[1]) < lengths[:, None])[..., None]
        cost = OUTPUT_COST * (scores.square() * counted).sum() / lengths.sum()
        self.optimizer.zero_grad()
        (cost - objective).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        return Tally(float(objective.detach()) * frames, frames, len(batch) - int(hopeful.sum()))

    def _graph(self, text: str) -> PhoneGraph:
        if text not in self.graphs:
            self.graphs[text] = self.bigram.spoken(text, self.known)
        return self.graphs[text]

    def _epoch(self, number: int) -> Utterances:
        """Return the utterances of an epoch whose words are all known; says how many are not."""
        utterances = self.sets.epoch(number)
        known = [all(word in self.known for word in text.split()) for text in utterances.texts]
        if not all(known):
            self.console.print(f"{known.count(False)} utterances have words without a pronunciation: left out")
        kept = [i for i, is_known in enumerate(known) if is_known]
        return Utterances(
            utterances.features, [utterances.bounds[i] for i in kept], [utterances.texts[i] for i in kept]
        )


def quick_bfloat16() -> bool:
    """Tell whether this machine multiplies bfloat16 matrices in hardware: twice as fast or more, as good a network."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return "amx_bf16" in flags or "avx512_bf16" in flags


@click.command()
@click.option("--features", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--epochs", type=click.IntRange(min=1), default=10, show_default=True)
@click.option("--learning-rate", type=float, default=2e-3, show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--batch-frames", type=click.IntRange(min=1), default=4000, show_default=True, help="Outputs of 30 ms.")
@click.option("--bfloat16/--float32", default=quick_bfloat16, help="Default: bfloat16 if the processor multiplies it.")
@click.option("--seed", type=int, default=0, show_default=True)
def main(
    features: Path,
    out: Path,
    epochs: int,
    learning_rate: float,
    threads: int,
    batch_frames: int,
    bfloat16: bool,
    seed: int,
) -> None:
    """Train the phone network on the FEATURES folder and write it to OUT."""
    torch.set_num_threads(threads)
    plan = Plan(str(features.resolve()), epochs, learning_rate, batch_frames, bfloat16, seed)
    training = Training(plan, out, Console(soft_wrap=True), dictionary())
    training.resume()
    training.run()


if __name__ == "__main__":
    main()
