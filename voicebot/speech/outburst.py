"""Sound that rose like a word and fell again, where the recognizer heard no words: where it began, where it ended.

In noise, and from quiet voices, a recognizer takes about every fiftieth "yes" or "no" for silence. The word networks
know many of them, if they are asked. Levels in, a span out; what it was is decided in weigher.py.
"""

from __future__ import annotations

from voicebot.speech.quiet import PIECE_MS

QUIET_MS = 500
"""So much quiet ends it; the pauses in a word are shorter, and a recognizer has its words by then."""
SHORTEST_MS, LONGEST_MS = 60, 1600
"""Shorter is a click, longer no "yes" or "no"."""

Span = tuple[int, int]
"""Beginning and end, ms of the listening."""


class Outburst:
    """Of one listening."""

    def __init__(self) -> None:
        self._span: Span | None = None
        self._worded_ms = 0

    def worded(self, now_ms: int) -> None:
        """The recognizer has words for what was heard up to now."""
        self._span, self._worded_ms = None, now_ms

    def hear(self, now_ms: int, quiet_ms: int) -> Span | None:
        """Take the time, and for how long it has been quiet; return the span of what is over by now."""
        if quiet_ms == 0:
            began = self._span[0] if self._span else now_ms - PIECE_MS
            self._span = (max(began, self._worded_ms), now_ms)
            return None
        return self.end() if quiet_ms >= QUIET_MS else None

    def end(self) -> Span | None:
        """Return the span of what is still open, if it is as long as a word."""
        span, self._span = self._span, None
        return span if span and SHORTEST_MS <= span[1] - span[0] <= LONGEST_MS else None
