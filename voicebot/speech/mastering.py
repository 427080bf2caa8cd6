"""Makes spoken samples fit for a telephone line: no dead air at the edges, one level for all. Arrays only, no files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicebot.speech.codec import FLOOR_DB, RATE, level_db

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicebot.speech.codec import Samples

LEVEL_DB = -20.0
"""Level of the speech itself, pauses left out, in dB relative to full scale: about that of a person on the line."""
PEAK_DB = -3.5
"""No sample is louder (dB relative to full scale): headroom for what networks add, and for rounding to mu-law."""
EDGE_MS = 50
"""Silence kept before and after the speech."""

_WINDOW_MS = 20
_ACTIVE_DB = 30.0
"""A window within this much of the loudest one holds speech."""
_AUDIBLE_DB = 45.0
"""A window further below the loudest one is silence: weak sounds such as a final f must not be cut."""


def master(samples: Samples) -> Samples:
    """Return 8 kHz speech trimmed to EDGE_MS of silence at both ends and brought to LEVEL_DB, peaks below PEAK_DB."""
    speech = _trimmed(samples)
    gain_db = min(LEVEL_DB - active_level_db(speech), PEAK_DB - peak_db(speech))
    louder: Samples = np.rint(speech * 10 ** (gain_db / 20)).astype(np.int16)
    return louder


def active_level_db(samples: Samples) -> float:
    """Return the level of the parts that hold speech, in dB relative to full scale; FLOOR_DB for silence."""
    windows = _windows(samples)
    levels = _levels(windows)
    return level_db(windows[levels > levels.max(initial=FLOOR_DB) - _ACTIVE_DB])


def peak_db(samples: Samples) -> float:
    """Return the largest magnitude in dB relative to full scale; FLOOR_DB for silence or nothing."""
    peak = int(np.abs(samples.astype(np.int32)).max(initial=0))
    return 20 * float(np.log10(peak / 32768)) if peak else FLOOR_DB


def _trimmed(samples: Samples) -> Samples:
    levels = _levels(_windows(samples))
    audible = np.flatnonzero(levels > max(levels.max(initial=FLOOR_DB) - _AUDIBLE_DB, FLOOR_DB))
    if not audible.size:
        return samples
    window, edge = RATE * _WINDOW_MS // 1000, np.zeros(RATE * EDGE_MS // 1000, dtype=np.int16)
    return np.concatenate([edge, samples[audible[0] * window : (audible[-1] + 1) * window], edge])


def _windows(samples: Samples) -> Samples:
    """Return the samples as rows of _WINDOW_MS, the last one filled up with silence."""
    length = RATE * _WINDOW_MS // 1000
    return np.pad(samples, (0, -len(samples) % length)).reshape(-1, length)


def _levels(windows: Samples) -> NDArray[np.float64]:
    power = np.mean(np.square(windows / 32768), axis=1)
    levels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
    return levels
