"""Takes down where a caller is: a tone, then their sound until they are done. No grammar, no words, no files.

Only level is looked at. A caller is done after a stretch of quiet, or, in noise that never ends, when the time is up.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from voicebot.speech.codec import BYTES_PER_MS, RATE, decode, encode, level_db
from voicebot.speech.quiet import PIECE_MS, Quiet

TONE_HZ, TONE_MS, TONE_DB = 1000, 300, -15.0
"""As an answering machine's: callers know that they may speak after it."""
DONE_AFTER_MS = 4000
"""Quiet that ends the recording: people pause while they look for a house number."""
LEAST_VOICE_MS = 300
"""Less above the background than this is a click or a breath, and nothing was said."""
_PIECE_BYTES = PIECE_MS * BYTES_PER_MS


@cache
def tone() -> bytes:
    """Return the tone as mu-law, 8000 Hz."""
    times = np.arange(RATE * TONE_MS // 1000) / RATE
    wave = 10 ** (TONE_DB / 20) * np.sin(2 * np.pi * TONE_HZ * times)
    return encode((wave * 32767).astype(np.int16))


class PlaceRecording:
    """One recording of at most `max_ms`."""

    def __init__(self, max_ms: int) -> None:
        self._max_bytes = max_ms * BYTES_PER_MS
        self._sound = bytearray()
        self._looked_at = 0
        self._quiet = Quiet()
        self._voice_ms = 0

    @property
    def sound(self) -> bytes:
        """What was recorded, mu-law; empty when nothing was said."""
        return bytes(self._sound) if self._voice_ms >= LEAST_VOICE_MS else b""

    @property
    def ms(self) -> int:
        """How long the recording ran, whatever was said."""
        return len(self._sound) // BYTES_PER_MS

    def feed(self, mulaw: bytes) -> bool:
        """Take the caller's sound, of any length; return whether they are done."""
        self._sound += mulaw[: self._max_bytes - len(self._sound)]
        while self._looked_at + _PIECE_BYTES <= len(self._sound):
            piece = bytes(self._sound[self._looked_at : self._looked_at + _PIECE_BYTES])
            self._looked_at += _PIECE_BYTES
            self._quiet.hear(level_db(decode(piece)))
            self._voice_ms += PIECE_MS if self._quiet.quiet_ms == 0 else 0
        return self._quiet.quiet_ms >= DONE_AFTER_MS or len(self._sound) >= self._max_bytes
