"""Telephone sound as numbers: G.711 mu-law to 16-bit samples and back, and how loud it is. Arrays only, no files."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

RATE = 8000
"""Samples a second on the telephone."""
BYTES_PER_MS = RATE // 1000
"""Mu-law is one byte a sample."""
SILENCE = b"\xff"
"""Mu-law zero."""
FLOOR_DB = -96.0
"""Level of digital silence: below the smallest 16-bit sample."""

# ITU-T G.711, table 2: eight segments of sixteen steps each, in 14-bit units, biased by 33.
_BIAS = 33
_SEGMENT, _STEP = np.divmod(np.arange(128), 16)
_VALUES = ((2 * _STEP + 33) << _SEGMENT) - _BIAS
"""What each of the 128 magnitudes stands for, from zero up."""
_STARTS = ((2 * _STEP + 32) << _SEGMENT) - _BIAS
"""The smallest input that takes each magnitude."""
_DECODE: Samples = np.concatenate([-4 * _VALUES[::-1], 4 * _VALUES[::-1]]).astype(np.int16)
"""The sample of each of the 256 codes: negative ones first, loudest first."""


_POWER: NDArray[np.float64] = np.square(_DECODE / 32768)
"""The power of each of the 256 codes relative to full scale."""


def decode(mulaw: bytes) -> Samples:
    """Return the 16-bit samples of mu-law bytes."""
    return _DECODE[np.frombuffer(mulaw, dtype=np.uint8)]


def encode(samples: Samples) -> bytes:
    """Return the mu-law bytes of 16-bit samples."""
    wide = samples.astype(np.int32) >> 2
    magnitude = np.searchsorted(_STARTS[1:], np.abs(wide), side="right")
    codes: NDArray[np.uint8] = np.where(wide < 0, 127 - magnitude, 255 - magnitude).astype(np.uint8)
    return codes.tobytes()


def level_db(samples: Samples) -> float:
    """Return the level in dB relative to full scale (a full-scale square wave is 0); FLOOR_DB for silence."""
    if not samples.size:
        return FLOOR_DB
    mean_square = float(np.mean(np.square(samples.astype(np.float64) / 32768)))
    return max(FLOOR_DB, 10 * float(np.log10(mean_square))) if mean_square else FLOOR_DB


def mulaw_level_db(mulaw: bytes) -> float:
    """Return what `level_db` does of the samples of mu-law bytes, in a fifth of the time: every frame is asked."""
    power = float(_POWER.take(np.frombuffer(mulaw, dtype=np.uint8)).sum())
    return max(FLOOR_DB, 10 * math.log10(power / len(mulaw))) if power else FLOOR_DB
