"""The sound of a whole call as one stereo file on the call's clock: the caller left, the line right, silence in gaps.

Nothing is mixed or stored anew: bytes are taken from the recorded files as they are asked for, so that a player can
jump about in a long call. What was not recorded is silence here: `recorded` tells which parts are real, and `silent`
where nobody is heard.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from voicebot.speech.codec import BYTES_PER_MS, SILENCE, decode
from voicebot.storage.audio import RATE_HZ
from voicebot.storage.rows import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicebot.storage.rows import AudioFile

_LANE = {Side.CALLER: 0, Side.LINE: 1, Side.PLACE: 0}
_LANES = 2
_HEADER = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
_MULAW = 7
_MONO_HEADER_BYTES = _HEADER.size
"""The recorded files have the same header, with one channel (see audio.py)."""
PEAK_MS = 50
"""One peak for so much sound, unless there would be more than MAX_PEAKS."""
MAX_PEAKS = 4000
BACKGROUND_PERCENT = 10
"""So much of a side's sound is taken to be no louder than its background."""
ABOVE_BACKGROUND = 2.5
"""Times the background: louder is speech."""
QUIETEST, LOUDEST_BACKGROUND = 0.008, 0.03
"""0..1. Softer is never heard (about -42 dB of full scale); louder (-30 dB) may be speech, whatever is behind it."""
SHORTEST_MS = 1000
"""A pause that is shorter is heard as it was."""
LEFT_MS = 300
"""Of a silence, so much stays before and after what is heard."""
_LOUDNESS = np.abs(decode(bytes(range(256))).astype(np.int32)) / 32768
"""Mu-law byte -> how loud, 0..1."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One recorded file that is there."""

    lane: int
    begins: int
    """Samples from the start of the call."""
    samples: int
    path: Path


def stretches(files: Sequence[AudioFile], folder: Path) -> list[Stretch]:
    """Return the recorded files that are still there, as they lie on the call's clock."""
    found = []
    for file in files:
        path = folder / file.name
        if path.is_file():
            samples = min(file.ms * BYTES_PER_MS, max(0, path.stat().st_size - _MONO_HEADER_BYTES))
            found.append(Stretch(_LANE[file.side], file.starts_at_ms * BYTES_PER_MS, samples, path))
    return found


def total_ms(found: Sequence[Stretch]) -> int:
    """Return when the last stretch ends on the call's clock (ms); 0 without any."""
    return max((one.begins + one.samples for one in found), default=0) // BYTES_PER_MS


def recorded(found: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Return from when to when (ms) anything was recorded, in order, joined where it overlaps."""
    joined: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda one: one.begins):
        begin, end = one.begins // BYTES_PER_MS, (one.begins + one.samples) // BYTES_PER_MS
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def peaks(found: Sequence[Stretch], length_ms: int) -> tuple[list[float], list[float]]:
    """Return how loud the caller and the line are over `length_ms`, 0..1, each value for an equal part of the time."""
    count = max(1, min(MAX_PEAKS, -(-length_ms // PEAK_MS)))
    samples_each = max(1, -(-length_ms * BYTES_PER_MS // count))
    loudest = np.zeros((_LANES, count))
    for one in found:
        begin, end = one.begins // samples_each, -(-(one.begins + one.samples) // samples_each)
        edges = np.maximum(np.arange(begin, end) * samples_each - one.begins, 0)
        sound = _LOUDNESS[np.frombuffer(_bytes_of(one, 0, one.samples), dtype=np.uint8)]
        edges = edges[edges < len(sound)]
        if edges.size:
            lane = loudest[one.lane, begin : begin + len(edges)]
            np.maximum(lane, np.maximum.reduceat(sound, edges)[: len(lane)], out=lane)
    caller, line = np.round(loudest, 3).tolist()
    return caller, line


def silent(
    caller: Sequence[float], line: Sequence[float], real: Sequence[tuple[int, int]], length_ms: int
) -> list[tuple[int, int]]:
    """Return from when to when (ms) neither side is heard, by the peaks of both over `length_ms`.

    A side is heard when it is louder than its background, which is what it hardly ever stays under where it was
    recorded (`real`, see `recorded`). A little is left at both ends, so that no first sound is cut.
    """
    begins_ms = np.arange(len(caller)) * length_ms // len(caller)
    kept = np.logical_or.reduce([np.zeros(len(caller), bool), *((begins_ms >= a) & (begins_ms < b) for a, b in real)])
    quiet = np.ones(len(caller), dtype=bool)
    for lane in (np.asarray(caller), np.asarray(line)):
        background = np.percentile(lane[kept], BACKGROUND_PERCENT) if kept.any() else 0
        quiet &= lane <= np.clip(background * ABOVE_BACKGROUND, QUIETEST, LOUDEST_BACKGROUND)
    edges = np.flatnonzero(np.diff(quiet.astype(int), prepend=0, append=0))
    found = []
    for begin, end in edges.reshape(-1, 2).tolist():
        from_ms = begin * length_ms // len(caller) + (LEFT_MS if begin else 0)
        to_ms = end * length_ms // len(caller) - LEFT_MS
        if to_ms - from_ms >= SHORTEST_MS:
            found.append((from_ms, to_ms))
    return found


class TwoLanes(io.RawIOBase):
    """The stereo mu-law WAV file, to be read and sought in."""

    def __init__(self, found: Sequence[Stretch]) -> None:
        super().__init__()
        self._found = found
        self._frames = total_ms(found) * BYTES_PER_MS
        self._at = 0

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return _HEADER.size + self._frames * _LANES

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._at

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    @override
    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from here on, fewer only at the end."""
        begin = self._at
        end = self.size if size < 0 else min(self.size, begin + size)
        if begin >= end:
            return b""
        self._at = end
        head = _header(self._frames)[begin:end]
        first, last = max(0, begin - _HEADER.size), max(0, end - _HEADER.size)
        frames = self._sound(first // _LANES, -(-last // _LANES))
        skipped = first % _LANES
        return head + frames[skipped : skipped + last - first]

    def _sound(self, begin: int, end: int) -> bytes:
        """Return the frames from `begin` to `end`."""
        lanes: NDArray[np.uint8] = np.full((end - begin, _LANES), SILENCE[0], dtype=np.uint8)
        for one in self._found:
            first, last = max(begin, one.begins), min(end, one.begins + one.samples)
            if first < last:
                sound = np.frombuffer(_bytes_of(one, first - one.begins, last - one.begins), dtype=np.uint8)
                lanes[first - begin : first - begin + len(sound), one.lane] = sound
        return lanes.tobytes()


def _bytes_of(one: Stretch, begin: int, end: int) -> bytes:
    """Return recorded mu-law; raises OSError when the file went away meanwhile."""
    with one.path.open("rb") as file:
        file.seek(_MONO_HEADER_BYTES + begin)
        return file.read(end - begin)


def _header(frames: int) -> bytes:
    data = frames * _LANES
    riff = (b"RIFF", _HEADER.size - 8 + data, b"WAVE")
    form = (b"fmt ", 18, _MULAW, _LANES, RATE_HZ, RATE_HZ * _LANES, _LANES, 8, 0)
    return _HEADER.pack(*riff, *form, b"fact", 4, frames, b"data", data)
