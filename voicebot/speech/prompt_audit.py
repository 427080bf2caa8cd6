"""Judges how prompts sound: length, level, pace. Looks at sound that is already there; makes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.speech.codec import BYTES_PER_MS, decode
from voicebot.speech.mastering import EDGE_MS, LEVEL_DB, PEAK_DB, active_level_db, peak_db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.speech.voice import Sound

LONGEST_MS = 20_000
"""What is longer is not kept in mind; the greeting and the safety advice take about 15 s."""
PACE = range(90, 281)
"""Words a minute. Outside, the sound is cut off or says something else than the text."""
_TOO_SHORT_TO_PACE = 5
"""Words; fewer, and a single long word or pause decides the pace."""
_LEVEL_TOLERANCE_DB = 3.0
_MULAW_ROUNDING_DB = 0.3
"""Rounding to mu-law can raise a peak by this much."""


@dataclass(frozen=True)
class Measures:
    """How one prompt sounds."""

    duration_ms: int
    words_per_minute: int
    level_dbfs: float
    """Of the speech, pauses left out."""
    peak_dbfs: float


def measure(sound: Sound) -> Measures:
    """Return the measures of a prompt."""
    samples = decode(sound.mulaw)
    duration_ms = len(sound.mulaw) // BYTES_PER_MS
    pace = 60_000 * len(sound.text.split()) // max(1, duration_ms - 2 * EDGE_MS)
    return Measures(duration_ms, pace, round(active_level_db(samples), 1), round(peak_db(samples), 1))


def faults(sound: Sound) -> Iterator[str]:
    """Yield what is wrong with a prompt's sound, and how to mend it."""
    measures = measure(sound)
    if measures.duration_ms > LONGEST_MS:
        yield f"takes {measures.duration_ms / 1000:.0f} s; say it in fewer words."
    if measures.words_per_minute not in PACE and len(sound.text.split()) >= _TOO_SHORT_TO_PACE:
        yield f"has {measures.words_per_minute} words a minute; make sure that it says its text, and all of it."
    if abs(measures.level_dbfs - LEVEL_DB) > _LEVEL_TOLERANCE_DB:
        yield f"has a level of {measures.level_dbfs} dBFS where {LEVEL_DB:.0f} is usual; record it evenly."
    if measures.peak_dbfs > PEAK_DB + _MULAW_ROUNDING_DB:
        yield f"peaks at {measures.peak_dbfs} dBFS; render it again."
