"""Voices of callers: words to telephone sound, from recordings of one person, else from a synthetic voice.

A folder of recordings holds `manifest.tsv` with at least the columns path, transcript and speaker. A synthetic voice is
the speech synthesizer's, made lower, so that it is not the line's own voice that answers the line.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import soxr

from voicebot.errors import VoicebotError
from voicebot.speech import pyttsx3_voice
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SYNTHETIC = "synthetic"
"""The speaker who never lived."""
EVERYONE_SAYS = frozenset({"yes", "no"})
"""Words a speaker must have recorded to be chosen for a call."""
_STRETCH = 1.15
"""Played so much slower, the synthesizer's voice is lower by 2.4 semitones."""
_WINDOW = RATE // 50
"""20 ms."""
_LOUD_PERCENTILE = 90


@dataclass(frozen=True, slots=True)
class Voice:
    """One caller's voice on one call."""

    speaker: str
    sounds: Mapping[str, bytes]
    """Mu-law by words."""
    synthetic: tuple[str, ...]
    """Words that the synthetic voice says although the speaker is a person."""

    @property
    def level_dbfs(self) -> float:
        """How loud the louder parts of the speech are, dB relative to full scale."""
        samples = np.concatenate([decode(mulaw) for mulaw in self.sounds.values()]).astype(np.float64)
        windows = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
        power = np.percentile(np.mean(windows**2, axis=1), _LOUD_PERCENTILE)
        return 10 * float(np.log10(max(power, 1.0) / 32768**2))


class Voices:
    """All speakers of a folder of recordings, and the synthetic one. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's manifest. Raises VoicebotError `no_recordings`."""
        try:
            with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            clips: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
            for row in rows:
                clips[row["speaker"]][row["transcript"]].append(folder / row["path"])
        except (OSError, KeyError) as error:
            raise VoicebotError(
                "no_recordings",
                f"{folder} holds no manifest.tsv with the columns path, transcript, speaker ({type(error).__name__}).",
                "Name a folder of recordings with --audio.",
            ) from None
        self._clips = {speaker: dict(by_words) for speaker, by_words in clips.items()}
        self.speakers = tuple(sorted(name for name, words in self._clips.items() if words.keys() >= EVERYONE_SAYS))
        """Those who can be chosen for a call."""
        self._made: dict[str, bytes] = {}
        self._lock = Lock()

    def cast(self, speaker: str | None, words: Iterable[str], seed: int) -> Voice:
        """Return a voice that can say all `words`: the speaker's, or one that `seed` chooses.

        Raises VoicebotError `unknown_speaker`, `audio_unreadable`, `voice_unavailable`.
        """
        chance = random.Random(seed)
        chosen = speaker or (chance.choice(self.speakers) if self.speakers else SYNTHETIC)
        if chosen != SYNTHETIC and chosen not in self._clips:
            raise VoicebotError("unknown_speaker", f"Nobody recorded is called {chosen}.", "See manifest.tsv.")
        recorded = self._clips.get(chosen, {})
        needed = sorted(words)
        lacking = [phrase for phrase in needed if phrase not in recorded]
        made = self._synthesized(lacking)
        sounds = {
            phrase: encode(read_audio(chance.choice(recorded[phrase]))) if phrase in recorded else made[phrase]
            for phrase in needed
        }
        return Voice(chosen, sounds, tuple(lacking) if chosen != SYNTHETIC else ())

    def _synthesized(self, phrases: list[str]) -> Mapping[str, bytes]:
        with self._lock:
            new = [phrase for phrase in phrases if phrase not in self._made]
            for phrase, samples in zip(
                new, pyttsx3_voice.speak([pyttsx3_voice.Script(phrase) for phrase in new]) if new else (), strict=True
            ):
                self._made[phrase] = encode(soxr.resample(samples, RATE, RATE * _STRETCH))
            return self._made
