"""Whether what a caller seems to say is the line's own voice coming back from their telephone. Arrays only, no words.

Own speech returns delayed, softer and colored, but as the very same sound: once the spectrum of both sides is made
flatter they agree at one delay, also under a louder noise. Recognizers make words of such scraps ("... or zero for a
person" under the noise of a kitchen), so nothing of them is taken. Who talks over an echo is taken for what they are as
long as they are 15 dB louder than it; else they are heard when the prompt is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicebot.speech import codec

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_DELAY_MS = 800
"""The line's voice is back within this time: the network there and back, and a telephone in a room."""
OWN_VOICE = 0.33
"""Likeness from which it is the line's own voice.

Measured on prompts, recorded words and noise, 300 and 600 ms at a time: nine of ten echoes came to more than 0.36 under
a recorded noise 10 dB louder than they, and to more than 0.34 under white noise 5 dB louder. 97 of 100 words came to
less than 0.29 with no echo, 0.25 over an echo 20 dB softer, 0.37 over one 15 dB softer.
"""
KEPT_MS = 12_000
_PAUSE = 100 * codec.BYTES_PER_MS
"""Whoever begins this long after the line's last sound is no echo: its words began while it was speaking."""
_LEAST = 400 * codec.BYTES_PER_MS
"""At least so much sound is compared, as less is alike by chance."""
_FLATTER = 0.35
"""The power of its own smooth spectrum by which a sound is divided: 0 leaves it, 1 makes it white."""
_SMOOTHED = 64
"""Spectra are smoothed over so many frequencies."""
_SILENT = 1e-3
"""Where the line was so much weaker than at its loudest it said nothing that could come back."""


class Echo:
    """What was heard and played of late, sample by sample at the same time."""

    def __init__(self, from_ms: int) -> None:
        """Begin at `from_ms` of the call's clock."""
        self._heard = bytearray()
        self._played = bytearray()
        self._now = from_ms * codec.BYTES_PER_MS

    def take(self, heard: bytes, played: bytes) -> None:
        """Take equally long mu-law of both sides."""
        self._heard += heard
        self._played += played
        self._now += len(heard)
        for kept in (self._heard, self._played):
            del kept[: -KEPT_MS * codec.BYTES_PER_MS]

    def is_own_voice(self, started_ms: int, ended_ms: int) -> bool:
        """Return whether what was heard in this time, in ms of the call's clock, was played before."""
        kept_from = self._now - len(self._heard)
        start, end = (max(0, ms * codec.BYTES_PER_MS - kept_from) for ms in (started_ms, ended_ms))
        if not self._played[max(0, start - _PAUSE) : end].strip(codec.SILENCE):
            return False
        start = min(start, max(0, end - _LEAST))
        before = max(0, start - MAX_DELAY_MS * codec.BYTES_PER_MS)
        heard, played = bytes(self._heard[start:end]), bytes(self._played[before:end])
        return likeness(codec.decode(heard), codec.decode(played)) >= OWN_VOICE


def likeness(heard: codec.Samples, played: codec.Samples) -> float:
    """Return 0..1, how much `heard` is like some part of `played`, which ends with it and began earlier."""
    delays = len(played) - len(heard)
    if delays < 0 or not np.ptp(heard) or not np.ptp(played):
        return 0.0
    size = 1 << (len(heard) + len(played)).bit_length()
    heard_spectrum, played_spectrum = _flattened(heard, size), _flattened(played, size)
    agreement = np.fft.irfft(np.conj(heard_spectrum) * played_spectrum, size)[: delays + 1]
    heard_energy = np.sum(np.fft.irfft(heard_spectrum, size) ** 2)
    energy = np.concatenate([[0.0], np.cumsum(np.fft.irfft(played_spectrum, size)[: len(played)] ** 2)])
    energies = energy[len(heard) :] - energy[: delays + 1]
    spoken = energies > _SILENT * energies.max()
    return float(np.max(np.abs(agreement[spoken]) / np.sqrt(heard_energy * energies[spoken])))


def _flattened(samples: codec.Samples, size: int) -> NDArray[np.complex128]:
    """Return the spectrum of the samples in a frame of `size`, its peaks lowered."""
    spectrum = np.fft.rfft(samples - samples.mean(), size)
    strength = np.convolve(np.abs(spectrum), np.full(_SMOOTHED, 1 / _SMOOTHED), "same") + 1e-9
    flattened: NDArray[np.complex128] = spectrum / strength**_FLATTER
    return flattened
