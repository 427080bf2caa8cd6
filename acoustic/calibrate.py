"""Fits the weights of the two opinions (confidence.json) on recordings of the dev speakers over the telephone channel.

    python -m acoustic.calibrate --speech DIR --work DIR --model voicebot/speech/model

First every recording is heard by the model's recognizer in several conditions and what it offers is kept; then the
weights are fitted by the likelihood of the truth. Never changes a network.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from rich.progress import track
from scipy.optimize import minimize

from acoustic.channel import Surroundings, any_noise, lose_frames, loudness, mulaw
from acoustic.collect import Split, load, read_corpus
from acoustic.corpus import Kind
from acoustic.shards import Clip, read_shard
from voicebot.assets import GRAMMARS
from voicebot.dialog.meaning import Meaning
from voicebot.speech import codec
from voicebot.speech.answering import Answering
from voicebot.speech.confidence import FILE, Evidence, Weights, weigh
from voicebot.speech.grammars import Grammars
from voicebot.speech.second_opinion import Opinion, load_second_opinions
from voicebot.speech.vosk_ears import VoskEars
from voicebot.speech.weigher import Weighed, Weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

GRAMMAR = "yes_no"
TAIL_MS = 2000
CONDITIONS = ("as recorded", "10 dB", "5% loss")
Row = dict[str, Any]
"""One utterance: condition, corpus, speaker, the truth, what the recognizer offers, and each network's opinion."""


@dataclass
class Notes:
    """A weigher that also writes down what it weighs."""

    weigher: Weigher
    evidence: list[Evidence]

    def weigh(
        self, alternatives: Sequence[Mapping[str, Any]], understand: Callable[[str], Hashable], sound: Any
    ) -> Weighed | None:
        """Weigh as the line does."""
        if alternatives and alternatives[0]["text"]:
            self.evidence.append(self.weigher.evidence(alternatives, understand, sound))
        return self.weigher.weigh(alternatives, understand, sound)


def through(clip: Clip, condition: str, rng: np.random.Generator, around: Surroundings) -> codec.Samples:
    """Return a clip as it arrives in one of CONDITIONS."""
    sound = clip.samples.astype(np.float64)
    match condition:
        case "10 dB":
            noise = any_noise(len(sound), rng, around)
            sound = sound + noise / loudness(noise) * loudness(sound) * 10 ** (-10 / 20)
        case "5% loss":
            sound = lose_frames(mulaw(sound), rng, 0.05)
    return mulaw(sound).astype(np.int16)


def listen(clips: Sequence[Clip], condition: str, model: Path, around: Surroundings) -> list[Row]:
    """Return what every utterance in some clips is weighed by."""
    notes = Notes(Weigher(load_second_opinions(model)), [])
    ears = VoskEars(model, weigher=notes)
    grammars = Grammars.load(GRAMMARS)
    rows = []
    for number, clip in enumerate(clips):
        samples = through(clip, condition, np.random.default_rng((7, number)), around)
        answering = Answering(ears, grammars, GRAMMAR, red_flag=False)
        notes.evidence.clear()
        answering.feed(codec.encode(samples) + codec.SILENCE * (TAIL_MS * codec.BYTES_PER_MS))
        answering.finish()
        told = {"condition": condition, "corpus": clip.corpus, "speaker": clip.speaker, "text": clip.text}
        truth = grammars.understand(GRAMMAR, clip.text)
        rows += [{**told, "truth": truth, **_row(evidence)} for evidence in notes.evidence]
    return rows


def _row(evidence: Evidence) -> Row:
    recognized = [[answer, log] for answer, log in evidence.recognized.items()]
    return {"recognized": recognized, "opinion": asdict(evidence.opinion) if evidence.opinion else None}


def evidence_of(row: Row) -> Evidence:
    """Return the evidence of a row that was read back from JSON."""
    recognized = {Meaning(answer) if answer else None: log for answer, log in row["recognized"]}
    opinion = Opinion(**row["opinion"]) if row["opinion"] else None
    return Evidence(recognized, Meaning.YES, Meaning.NO, opinion)


def fit(rows: Sequence[Row]) -> Weights:
    """Return the weights under which the truth is likeliest; answers and other speech count as much as each other."""
    known = [(evidence_of(row), Meaning(row["truth"]) if row["truth"] else None) for row in rows]
    spoken = sum(truth is not None for _, truth in known)
    shares = [0.5 / spoken if truth is not None else 0.5 / (len(known) - spoken) for _, truth in known]

    def cost(values: np.ndarray) -> float:
        weights = _weights(values)
        likely = (weigh(evidence, weights).get(truth, 0.0) for evidence, truth in known)
        return -sum(share * np.log(max(1e-9, p)) for share, p in zip(shares, likely, strict=True))

    found = minimize(
        cost, np.array([0.5, 1.0, 8.0, 0.0]), method="Nelder-Mead", options={"maxiter": 250, "xatol": 1e-3}
    )
    click.echo(f"cost {cost(np.array([1.0, 0.0, 12.0, 0.0])):.4f} by the recognizer alone, {found.fun:.4f} by both")
    return _weights(found.x)


def _weights(values: np.ndarray) -> Weights:
    recognizer, second, floor, unknown = map(float, values)
    return Weights(max(0.01, recognizer), max(0.0, second), max(0.5, floor), unknown)


def collect_rows(speech: Path, work: Path, model: Path, jobs: int) -> list[Row]:
    """Return the rows of every condition, and of the held-out synthetic voices as recorded; kept in `work`."""
    kept = work / "evidence.jsonl"
    if not kept.exists():
        recordings = [r for r in read_corpus(speech) if r.split is Split.DEV and r.kind is Kind.SPEECH and r.text]
        dev, held_out = list(load(recordings)), read_shard(work / "held_out.npz")
        noises = [clip.samples.astype(np.float64) for clip in read_shard(work / "noises.npz")]
        around = Surroundings([clip.samples.astype(np.float64) for clip in dev], noises, ())
        tasks = [(dev[start::24], name, model, around) for name in CONDITIONS for start in range(24)]
        tasks += [(held_out[start::24], CONDITIONS[0], model, around) for start in range(24)]
        with get_context("spawn").Pool(jobs) as pool:
            rows = [row for part in track(pool.imap(_listen, tasks), "listening", len(tasks)) for row in part]
        kept.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return read_rows(work)


def read_rows(work: Path) -> list[Row]:
    """Return the rows kept in `work`."""
    return [json.loads(line) for line in (work / "evidence.jsonl").read_text("utf-8").splitlines()]


def _listen(task: tuple[Sequence[Clip], str, Path, Surroundings]) -> list[Row]:
    return listen(*task)


@click.command()
@click.option("--speech", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--model", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--jobs", default=2, show_default=True)
def main(speech: Path, work: Path, model: Path, jobs: int) -> None:
    """Fit the weights of the opinions and write them into MODEL."""
    weights = fit(collect_rows(speech, work, model, jobs))
    (model / FILE).write_text(json.dumps(asdict(weights), indent=2) + "\n", "utf-8")
    click.echo(f"{weights} in {model / FILE}")


if __name__ == "__main__":
    main()
