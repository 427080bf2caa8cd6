"""The recognizers that are compared, each behind one call: samples in, what the line would decide out. No scores.

Vosk models go through `voicebot.speech.recording.hear`, that is exactly what `voicebot hear` does; pocketsphinx, which
has no confidence in a grammar, gets the same mu-law and has its answers accepted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, assert_never

import numpy as np
import soxr

from voicebot import assets
from voicebot.dialog.answers import Action, judge
from voicebot.dialog.meaning import Meaning
from voicebot.speech import codec
from voicebot.speech.grammar_file import Sentence
from voicebot.speech.grammars import Grammar, Grammars
from voicebot.speech.locate_model import locate_model, model_info
from voicebot.speech.recording import Hearing, hear
from voicebot.speech.vosk_ears import VoskEars

if TYPE_CHECKING:
    from voicebot.speech.codec import Samples

GRAMMAR = "yes_no"
SPHINX_RATE = 16000
"""Hz of pocketsphinx's English model."""
FILLERS = Path(__file__).with_name("fillers.txt")
"""Words pocketsphinx may hear instead of an answer: digits and commands. Its time grows steeply with their number: with
48 it takes up to 8 s for a clip of one; with all that `grammars/` allows it never gets to a clip."""


class Maker(StrEnum):
    """Whose recognizer it is."""

    VOSK = "vosk"
    SPHINX = "pocketsphinx"


@dataclass(frozen=True, slots=True)
class Spec:
    """One recognizer as it is set up."""

    name: str
    maker: Maker
    model: Path | None = None
    """A Vosk model's folder; None for the bundled one."""
    plain: bool = False
    """Listens for yes, no and unknown speech alone, not for all a caller may say."""
    words: tuple[str, str] = ("yes", "no")
    """What the model calls them, where it is plain."""
    fillers: bool = False


class Engine(Protocol):
    """A recognizer ready to listen."""

    def hear(self, samples: Samples) -> Hearing:
        """Return what the line would make of 8 kHz samples sent over mu-law."""


def specs(
    model: Path | None = None,
    baseline: Path | None = None,
    stock: Path | None = None,
    stock_words: tuple[str, str] | None = None,
) -> dict[str, Spec]:
    """Return every recognizer that can be compared, by name.

    `stock_words` are what the stock model calls yes and no; without them it is given the whole grammar.
    """
    listed = [
        Spec("ours", Maker.VOSK, model),
        Spec("ours-plain", Maker.VOSK, model, plain=True),
        Spec("pocketsphinx", Maker.SPHINX, plain=True),
        Spec("pocketsphinx-fillers", Maker.SPHINX, plain=True, fillers=True),
    ]
    if baseline:
        listed += [Spec("bring-up", Maker.VOSK, baseline), Spec("bring-up-plain", Maker.VOSK, baseline, plain=True)]
    if stock and stock_words:
        listed.append(Spec("stock", Maker.VOSK, stock, plain=True, words=stock_words))
    elif stock:
        listed.append(Spec("stock", Maker.VOSK, stock))
    return {spec.name: spec for spec in listed}


def grammars(spec: Spec) -> Grammars:
    """Return what a recognizer listens for, under the name GRAMMAR."""
    if not spec.plain:
        return Grammars.load(assets.GRAMMARS)
    yes, no = spec.words
    return Grammars({GRAMMAR: Grammar((Sentence(yes, Meaning.YES, 1), Sentence(no, Meaning.NO, 2)), frozenset())})


def open_engine(spec: Spec) -> Engine:
    """Load a recognizer. Raises VoicebotError `model_missing`, `model_broken`; ImportError without pocketsphinx."""
    match spec.maker:
        case Maker.VOSK:
            return _Vosk(spec)
        case Maker.SPHINX:
            return _Sphinx(spec)
        case _:
            assert_never(spec.maker)


def megabytes(spec: Spec) -> float | None:
    """Return the size of a recognizer's model in MB; None where it is not ours to tell."""
    return model_info(locate_model(spec.model)).megabytes if spec.maker is Maker.VOSK else None


def fingerprint(spec: Spec) -> str:
    """Return a short hash of all that a result depends on: setup, model, grammars, code."""
    parts = Path(__file__).parent
    files = [*assets.GRAMMARS.glob("*.yaml"), *parts.glob("*.py"), FILLERS]
    for room in ("speech", "dialog"):
        files += (parts.parents[1] / "voicebot" / room).glob("*.py")
    if spec.maker is Maker.VOSK:
        files += [path for path in locate_model(spec.model).rglob("*") if path.is_file()]
    shown = {"tables.py", "details.py", "plots.py", "page.py", "scores.py", "calibration.py", "verdicts.py"}
    digest = hashlib.sha256(json.dumps([spec.name, spec.plain, spec.words, spec.fillers]).encode())
    for path in sorted(path for path in files if path.name not in shown or path.parent != parts):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


class _Vosk:
    def __init__(self, spec: Spec) -> None:
        self._ears = VoskEars(locate_model(spec.model))
        self._grammars = grammars(spec)

    def hear(self, samples: Samples) -> Hearing:
        return hear(samples, self._ears, self._grammars, GRAMMAR)


class _Sphinx:
    """Decodes a whole clip at once, as pocketsphinx ends no utterance by itself: no time of decision is told."""

    def __init__(self, spec: Spec) -> None:
        self._grammars = grammars(spec)
        self._fillers = FILLERS.read_text("utf-8").split() if spec.fillers else []
        self._decoder: Any = self._loaded

    @cached_property
    def _loaded(self) -> Any:
        from pocketsphinx import Decoder  # noqa: PLC0415 - an extra; other engines do without

        decoder = Decoder(lm=None, loglevel="FATAL", samprate=SPHINX_RATE)
        sentences = {
            sentence.text.replace(",", ""): sentence.weight for sentence in self._grammars.get(GRAMMAR).sentences
        }
        decoder.add_jsgf_string("answers", jsgf(sentences, self._fillers))
        decoder.activate_search("answers")
        return decoder

    def hear(self, samples: Samples) -> Hearing:
        carried = codec.decode(codec.encode(samples)).astype(np.float64)
        wide = np.clip(np.rint(soxr.resample(carried, codec.RATE, SPHINX_RATE)), -32768, 32767).astype(np.int16)
        self._decoder.start_utt()
        self._decoder.process_raw(wide.tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        words = found.hypstr if found else ""
        meaning = self._grammars.understand(GRAMMAR, words) if words else None
        action = judge(meaning, 1.0) if meaning else Action.ASK_AGAIN
        return Hearing(words, meaning, action, 1.0 if meaning else 0.0, None, None)


def jsgf(sentences: dict[str, int], fillers: list[str]) -> str:
    """Return a grammar of weighted sentences, or one or more fillers, in the Java Speech Grammar Format."""
    answers = " | ".join(f"/{weight}/ {text}" for text, weight in sentences.items())
    other = " | <filler>+" if fillers else ""
    rule = f"<filler> = {' | '.join(fillers)};\n" if fillers else ""
    return f"#JSGF V1.0;\ngrammar answers;\n{rule}<answer> = {answers};\npublic <said> = <answer>{other};\n"
