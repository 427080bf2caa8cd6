"""Phrases that nobody has recorded, spoken by programs whose voices were kept out of training. Makes clips."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import soundfile

from acoustic.synthesis import Order, speak
from benchmarks.hearing_parts.clips import Clip
from benchmarks.hearing_parts.rows import SYNTHETIC
from voicebot.dialog.meaning import Meaning
from voicebot.speech.codec import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voicebot.speech.grammar_file import Sentence

VOICES = (
    ("espeak", "en-us+Andy"),
    ("espeak", "en-us+Annie"),
    ("espeak", "en-us+linda"),
    ("espeak", "en-us-nyc+m5"),
    ("espeak", "en-gb+f4"),
    ("flite", "rms"),
)
"""Voices that `acoustic.synthesis.HELD_OUT` keeps out of training."""
PROGRAMS = ("espeak-ng", "flite")
IN_FULL = (Meaning.EMERGENCY, Meaning.SUICIDE)
"""Meanings of which every sentence is spoken."""
SAMPLE = 24
"""How many sentences are spoken of each other meaning."""
ALWAYS = ("yeah", "yep", "nope", "nah", "uh huh", "mm hmm", "i don't know", "operator")
"""Sentences that are in every sample."""


def missing_programs() -> list[str]:
    """Return the programs that are not installed, of those that speak."""
    return [program for program in PROGRAMS if not shutil.which(program)]


def phrases(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return what is to be spoken: all of IN_FULL, a fixed sample of the other meanings."""
    rng = random.Random(0)
    chosen: list[Sentence] = []
    for meaning in Meaning:
        meant = list({sentence.text: sentence for sentence in sentences if sentence.meaning is meaning}.values())
        if meaning not in IN_FULL:
            first = [sentence for sentence in meant if sentence.text in ALWAYS]
            rest = [sentence for sentence in meant if sentence.text not in ALWAYS]
            meant = first + rng.sample(rest, min(len(rest), max(0, SAMPLE - len(first))))
        chosen += meant
    return chosen


def spoken_clips(sentences: Sequence[Sentence], folder: Path) -> list[Clip]:
    """Return a clip of each of `phrases` by each voice, as a sound file in `folder`; those already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for sentence in phrases(sentences):
        for engine, voice in VOICES:
            path = folder / f"{voice}_{sentence.text.replace(', ', '__').replace(' ', '_')}.wav"
            if not path.is_file():
                for spoken in speak([Order(sentence.text, engine, voice, 1.0, 0.5)]):
                    soundfile.write(path, spoken.samples, RATE)
            if path.is_file():
                clips.append(Clip(path.name, path, sentence.text, sentence.meaning, voice, SYNTHETIC))
    return clips
