"""What the caller's end of the line sends: their voice, and the noise of the room they are in.

Pure; time is counted in frames.
"""

from __future__ import annotations

import numpy as np

from voicebot.simulate.carrier.audio import FRAME_BYTES, SAMPLE_RATE, SILENCE, to_linear, to_mulaw


class Mouth:
    """Turns utterances into 20 ms frames, over a floor of noise."""

    def __init__(self, noise_dbfs: float | None = None, seed: int = 0) -> None:
        """Take the level of the noise in dB relative to full scale; None for digital silence."""
        self._noise = np.zeros(SAMPLE_RATE)
        if noise_dbfs is not None:
            amplitude = 32768 * 10 ** (noise_dbfs / 20)
            self._noise = np.random.default_rng(seed).normal(0.0, amplitude, SAMPLE_RATE)
        self._quiet = to_mulaw(self._noise) if noise_dbfs is not None else SILENCE * SAMPLE_RATE
        self._noisy = noise_dbfs is not None
        self._phase = 0
        self._speech = b""

    @property
    def pending(self) -> int:
        """Bytes of speech that are not yet spoken."""
        return len(self._speech)

    def speak(self, mulaw: bytes) -> None:
        """Speak, behind what is still being spoken."""
        self._speech += self._with_noise(mulaw) if self._noisy else mulaw

    def frame(self) -> bytes:
        """Return the next 20 ms."""
        spoken, self._speech = self._speech[:FRAME_BYTES], self._speech[FRAME_BYTES:]
        quiet = self._quiet[self._phase : self._phase + FRAME_BYTES]
        self._phase = (self._phase + FRAME_BYTES) % SAMPLE_RATE
        return spoken + quiet[len(spoken) :]

    def _with_noise(self, mulaw: bytes) -> bytes:
        return to_mulaw(to_linear(mulaw) + np.resize(self._noise, len(mulaw)))
