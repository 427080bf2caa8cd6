"""Fits the weights of the two opinions (confidence.json) on recordings of the dev speakers over the telephone channel.

    python -m acoustic.calibrate --speech DIR --work DIR --model voicebot/speech/model

First every recording is heard by the model's recognizer in several conditions and what it offers is kept; then the
weights are fitted by the likelihood of the truth. Never changes a network.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from rich.progress import track
from scipy.optimize import minimize

from acoustic.channel import Surroundings, any_noise, lose_frames, loudness, mulaw
from acoustic.collect import Split, load, read_corpus
from acoustic.corpus import SHARE_ALIKE, Kind
from acoustic.shards import Clip, read_shard, write_shard
from voicebot.assets import GRAMMARS
from voicebot.dialog.meaning import Meaning
from voicebot.speech import codec
from voicebot.speech.answering import Answering
from voicebot.speech.confidence import FILE, Evidence, Weights, weigh
from voicebot.speech.grammars import Grammars
from voicebot.speech.second_opinion import Opinion, load_second_opinions
from voicebot.speech.vosk_ears import VoskEars
from voicebot.speech.weigher import Weigher

if TYPE_CHECKING:
    from collections.abc import Sequence

GRAMMAR = "yes_no"
TAIL_MS = 2000
NO_OPINION = Opinion(0.25, 0.25, 0.25, 0.25)
EXPECTED = 9.0
"""After a yes/no question, this many callers answer it for one who says something else (or a sound that is nothing)."""
SPOILED = 0.01
"""Share of recordings that do not hold what their label says."""
FLOOR = 5.0
"""Nats: the recognizer keeps no alternative less likely than its lattice beam of 3; one that is absent is below it."""
WORDS = 0.1
"""`Weights.words`, chosen on the dev speakers from 0.01 to 1: with 0.1 a tenth fewer other words are to be confirmed as
an answer than with 1, as many are taken, as many answers are heard right, and more of these need no confirmation."""
CONDITIONS = ("as recorded", "10 dB", "5% loss")
Row = dict[str, Any]
"""One utterance: condition, corpus, speaker, the truth, what the recognizer offers, and each network's opinion."""


class Notes(Weigher):
    """Weighs with one opinion, and keeps what a second one would be asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[Evidence, codec.Samples | None]] = []
        self._sound: codec.Samples | None = None

    @property
    def asks(self) -> bool:
        """Say that there are word networks, so that a second opinion is asked for."""
        return True

    def second_opinion(self, samples: codec.Samples) -> Opinion:
        """Keep the samples; there is no opinion yet."""
        self._sound = samples
        return NO_OPINION

    def evidence(self, *given: Any) -> Evidence:
        """Return what is known of an utterance, and keep it."""
        self._sound = None
        evidence = super().evidence(*given)
        self.kept.append((evidence, self._sound))
        return evidence


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


def listen(clips: Sequence[Clip], condition: str, model: Path, around: Surroundings) -> list[tuple[Row, Clip]]:
    """Return every utterance in some clips: what the recognizer makes of it, and its sound (none if it is long)."""
    notes = Notes()
    ears = VoskEars(model, weigher=notes)
    grammars = Grammars.load(GRAMMARS)
    utterances = []
    for number, clip in enumerate(clips):
        samples = through(clip, condition, np.random.default_rng((7, number)), around)
        answering = Answering(ears, grammars, GRAMMAR, red_flag=False)
        notes.kept.clear()
        answering.feed(codec.encode(samples) + codec.SILENCE * (TAIL_MS * codec.BYTES_PER_MS))
        answering.finish()
        truth = grammars.understand(GRAMMAR, clip.text)
        # beside an answer a recording may hold a click or a breath that is none: the loudest is the answer
        kept = sorted(notes.kept, key=lambda pair: _loudest(pair[1]))
        for evidence, sound in kept[-1:] if truth else kept:
            recognized = [[answer, log] for answer, log in evidence.recognized.items()]
            row = {
                "condition": condition,
                "truth": truth,
                "recognized": recognized,
                "short": sound is not None,
                "phrases": sorted(str(answer) for answer in evidence.phrases),
            }
            samples = np.zeros(0, np.int16) if sound is None else sound
            utterances.append((row, Clip(samples, clip.text, clip.speaker, clip.corpus)))
    return utterances


def _loudest(sound: codec.Samples | None) -> float:
    """Return the level of the loudest tenth of a second in dB; a long utterance, whose sound is not kept, is speech."""
    if sound is None:
        return 0.0
    return max(codec.level_db(sound[start : start + 800]) for start in range(0, max(1, len(sound) - 799), 160))


def evidence_of(row: Row) -> Evidence:
    """Return the evidence of a row that was read back."""
    recognized = {Meaning(answer) if answer else None: log for answer, log in row["recognized"]}
    opinion = Opinion(**row["opinion"]) if row["opinion"] else None
    return Evidence(recognized, Meaning.YES, Meaning.NO, opinion, frozenset(map(Meaning, row["phrases"])))


def fit(rows: Sequence[Row]) -> Weights:
    """Return the weights under which the likeliest answer of each utterance is as often right as it is said to be.

    Answers and other speech count as much as each other; then answers are made EXPECTED times as likely, as they are
    on a call. Only what people said counts: a program's voice is too easy. SPOILED of the recordings are taken to hold
    something else than their label says, so that no single one decides.
    """
    people = [row for row in rows if row["corpus"] != "synthetic"]
    known = [(evidence_of(row), Meaning(row["truth"]) if row["truth"] else None) for row in people]
    spoken = sum(truth is not None for _, truth in known)
    shares = [0.5 / (len(known) - spoken if truth is None else spoken) for _, truth in known]

    def cost(weights: Weights) -> float:
        pairs = zip(shares, known, strict=True)
        return -sum(share * _log_of_truth(evidence, truth, weights) for share, (evidence, truth) in pairs)

    found = minimize(lambda values: cost(_weights(values)), np.array([0.5, 1.0, 0.0]), method="Nelder-Mead", tol=1e-3)
    click.echo(f"cost {cost(Weights()):.4f} by the recognizer alone, {found.fun:.4f} by both")
    even = _weights(found.x)
    return replace(even, expected=even.expected + math.log(EXPECTED))


def _log_of_truth(evidence: Evidence, truth: Meaning | None, weights: Weights) -> float:
    """Return the logarithm of the probability that the weights give to the likeliest answer being right, or not."""
    probabilities = weigh(evidence, weights)
    answers = {answer: probability for answer, probability in probabilities.items() if answer is not None}
    if not answers:
        return math.log(1 - SPOILED if truth is None else SPOILED)
    best = max(answers, key=lambda answer: answers[answer])
    probability = (1 - 2 * SPOILED) * answers[best] + SPOILED
    return math.log(probability if best == truth else 1 - probability)


def _weights(values: np.ndarray) -> Weights:
    recognizer, second, expected = map(float, values)
    return Weights(max(0.01, recognizer), max(0.0, second), FLOOR, expected, words=WORDS)


def hear_all(speech: Path, work: Path, model: Path, jobs: int) -> None:
    """Keep in `work` what the recognizer makes of every condition, and of the held-out voices as recorded."""
    kept = work / "utterances.npz"
    parts_of_model = (model / "am" / "final.mdl", model / "graph" / "HCLr.fst")
    if kept.exists() and all(part.stat().st_mtime <= kept.stat().st_mtime for part in parts_of_model):
        return
    spoken = [r for r in read_corpus(speech) if r.split is Split.DEV and r.kind is Kind.SPEECH and r.text]
    recordings = [r for r in spoken if not SHARE_ALIKE.search(r.licence)]
    dev, held_out = list(load(recordings)), read_shard(work / "held_out.npz")
    noises = [clip.samples.astype(np.float64) for clip in read_shard(work / "noises.npz")]
    around = Surroundings([clip.samples.astype(np.float64) for clip in dev[:500]], noises, ())
    tasks = [(dev[start::24], name, model, around) for name in CONDITIONS for start in range(24)]
    tasks += [(held_out[start::24], CONDITIONS[0], model, around) for start in range(24)]
    with get_context("spawn").Pool(jobs) as pool:
        parts = track(pool.imap(_listen, tasks), "listening", len(tasks))
        utterances = [utterance for part in parts for utterance in part]
    (work / "utterances.json").write_text(json.dumps([row for row, _ in utterances]), "utf-8")
    write_shard(kept, [clip for _, clip in utterances])


def read_rows(work: Path, model: Path) -> list[Row]:
    """Return the utterances kept in `work`, each with the opinion of the model's word networks."""
    weigher = Weigher(load_second_opinions(model))
    rows = json.loads((work / "utterances.json").read_text("utf-8"))
    heard = zip(rows, read_shard(work / "utterances.npz"), strict=True)
    return [
        {
            **row,
            "text": clip.text,
            "speaker": clip.speaker,
            "corpus": clip.corpus,
            "opinion": asdict(weigher.second_opinion(clip.samples)) if row["short"] else None,
        }
        for row, clip in heard
    ]


def _listen(task: tuple[Sequence[Clip], str, Path, Surroundings]) -> list[tuple[Row, Clip]]:
    return listen(*task)


@click.command()
@click.option("--speech", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--model", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--jobs", default=2, show_default=True)
def main(speech: Path, work: Path, model: Path, jobs: int) -> None:
    """Fit the weights of the opinions and write them into MODEL."""
    hear_all(speech, work, model, jobs)
    weights = fit(read_rows(work, model))
    (model / FILE).write_text(json.dumps(asdict(weights), indent=2) + "\n", "utf-8")
    click.echo(f"{weights} in {model / FILE}")


if __name__ == "__main__":
    main()
