"""The buffer between a stream's server and the caller's ear: audio queued faster than it is heard, with marks in it.

Pure: the clock is whoever calls `play`, once for each stretch of time that went by. No socket, no thread, no time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from voicebot.simulate.carrier.audio import BYTES_PER_MS, SILENCE

LARGEST = 10 * 60 * 1000 * BYTES_PER_MS
"""Bytes of audio that may wait: ten minutes. More is thrown away (error 31931)."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was heard in one stretch of time."""

    audio: bytes
    """Mu-law, as long as was asked for: silence where nothing was queued."""
    marks: tuple[str, ...]
    """Names of the marks reached, in order: all audio queued before each of them has been heard."""


class Playback:
    """Plays what was queued, in order, and says which marks were reached."""

    def __init__(self) -> None:
        self._queue: deque[bytes | str] = deque()
        self._queued = 0

    @property
    def queued(self) -> int:
        """Bytes of audio that were queued and not yet heard."""
        return self._queued

    def add(self, audio: bytes) -> int:
        """Queue mu-law audio behind what is there; return how many bytes had no room and were thrown away."""
        kept = audio[: LARGEST - self._queued]
        if kept:
            self._queue.append(kept)
            self._queued += len(kept)
        return len(audio) - len(kept)

    def mark(self, name: str) -> None:
        """Queue a mark: it is reached when all audio before it was heard."""
        self._queue.append(name)

    def clear(self) -> tuple[str, ...]:
        """Throw away all audio; return the names of the marks that were pending, in order."""
        pending = tuple(item for item in self._queue if isinstance(item, str))
        self._queue.clear()
        self._queued = 0
        return pending

    def play(self, count: int) -> Played:
        """Let the time of `count` bytes (8 a millisecond) go by."""
        heard = bytearray()
        marks: list[str] = []
        while self._queue:
            item = self._queue[0]
            if isinstance(item, str):
                marks.append(item)
                self._queue.popleft()
                continue
            missing = count - len(heard)
            if missing == 0:
                break
            heard += item[:missing]
            self._queue.popleft()
            if len(item) > missing:
                self._queue.appendleft(item[missing:])
        self._queued -= len(heard)
        return Played(bytes(heard).ljust(count, SILENCE), tuple(marks))
