"""The log mel spectrum of telephone sound: what the word network hears, in training as on a call. Arrays only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.codec import RATE, Samples

Spectrum = NDArray[np.float32]
"""[frames, BANDS], natural logarithms."""

BANDS = 40
"""Bands of equal width on the mel scale between LOW_HZ and HIGH_HZ."""
LOW_HZ, HIGH_HZ = 60.0, 3800.0
WINDOW = RATE * 25 // 1000
"""Samples of one frame: 25 ms."""
HOP = RATE * 10 // 1000
"""Samples from one frame to the next: 10 ms."""
_FFT = 256
_QUIETEST = 1.0
"""Added to every band's energy, at int16 scale: digital silence has a logarithm too."""


def log_mel(samples: Samples | NDArray[np.floating]) -> Spectrum:
    """Return the spectrum of 8 kHz samples at int16 scale; none for less than 25 ms."""
    if len(samples) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), WINDOW)[::HOP]
    spectrum = np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * _HANN, _FFT)
    energy = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ _FILTERS
    logs: Spectrum = np.log(energy + _QUIETEST).astype(np.float32)
    return logs


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return frequencies on the mel scale (O'Shaughnessy, 1987)."""
    return 1127.0 * np.log1p(hertz / 700.0)


def _triangles() -> Spectrum:
    """Return the weight [bins, BANDS] of each frequency of the transform in each band."""
    low, high = _mel(np.array([LOW_HZ, HIGH_HZ]))
    edges = np.linspace(low, high, BANDS + 2)
    bins = _mel(np.arange(_FFT // 2 + 1) * RATE / _FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights: Spectrum = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return weights


_HANN = np.hanning(WINDOW).astype(np.float32)
_FILTERS = _triangles() / WINDOW
