"""Whether a recognizer has to listen: only where sound rises from the background. Levels in, nothing out but that.

Most of a call nobody speaks, and decoding is most of what a call costs. What is not decoded is kept, and a recognizer
that wakes hears the moment before once more, so a soft beginning is not lost. When in doubt it listens: in noise that
comes and goes it never dozes.
"""

from __future__ import annotations

from voicebot.speech.quiet import PIECE_MS

RISE_DB = 1.2
"""Sound that rises so far above the background may be a voice: words are understood that rise by 2 dB. White noise, its
level taken as in `speech.quiet`, stays below."""
CALM_MS = 700
"""So long nothing must have risen, and no word be open, before a recognizer dozes; longer than any pause in a word."""
BEFORE_MS = 500
"""Of the sound before the rise so much is heard once more."""
LEARNED_MS = 2000
"""After so long the background is known from what was heard; until then, from what was heard before, if anything."""


class Attention:
    """Of one recognizer."""

    def __init__(self, background_db: float | None = None) -> None:
        """Take the background of the same line as heard before, dB; with None it begins awake."""
        self.awake = background_db is None
        self._before_db = background_db
        self._heard_ms = 0
        self._calm_ms = 0

    def hear(self, level_db: float, background_db: float, *, words: bool) -> None:
        """Take the level of the next 20 ms, the background as heard so far, and whether `words` are open."""
        self._heard_ms += PIECE_MS
        if self._before_db is not None and self._heard_ms < LEARNED_MS:
            background_db = min(background_db, self._before_db)
        self._calm_ms = self._calm_ms + PIECE_MS if level_db - background_db < RISE_DB else 0
        if not self._calm_ms:
            self.awake = True
        elif self._calm_ms >= CALM_MS and not words:
            self.awake = False

    def rest(self) -> None:
        """An utterance was ended: doze at once if nothing rises now."""
        self.awake = not self._calm_ms
