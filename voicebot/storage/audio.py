"""Records both sides of a call, a mu-law WAV file each, while the call runs. A file cut off by a crash can be mended.

Whoever makes a recorder has the caller's consent; nothing here asks for it. Files are named by random ids alone.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import secrets
import struct
from typing import TYPE_CHECKING, BinaryIO

from voicebot.storage.private import private_file
from voicebot.storage.rows import AudioFile, Side

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicebot.storage.store import CallStore

RATE_HZ = 8000
BUFFER_BYTES = RATE_HZ
"""One second (mu-law is one byte a sample): what a crash can cost at most."""

_HEADER = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
_MULAW = 7
"""WAVE_FORMAT_MULAW (RFC 2361); formats other than PCM carry a `fact` chunk with the number of samples."""


def wav_header(samples: int) -> bytes:
    """Return the header of a mono 8000 Hz mu-law WAV file of so many samples."""
    riff = (b"RIFF", _HEADER.size - 8 + samples, b"WAVE")
    form = (b"fmt ", 18, _MULAW, 1, RATE_HZ, RATE_HZ, 1, 8, 0)
    return _HEADER.pack(*riff, *form, b"fact", 4, samples, b"data", samples)


BOTH_SIDES = (Side.CALLER, Side.LINE)


class CallAudio:
    """The recorder of one call, from `starts_at_ms` on the call's clock until `close`.

    A full disk ends the recording, never the call: `fault` then holds the code.
    """

    def __init__(self, folder: Path, call_id: str, starts_at_ms: int) -> None:
        self.fault: str | None = None
        """`recording_failed` once the disk refused."""
        self._lanes: dict[Side, BinaryIO] = {}
        part = secrets.token_hex(8)
        self._paths = {side: folder / f"{call_id}.{starts_at_ms}.{part}.{side}.wav" for side in BOTH_SIDES}
        with self._faults_noted():
            for side, path in self._paths.items():
                self._lanes[side] = private_file(path).open("wb", buffering=BUFFER_BYTES)
                self._lanes[side].write(wav_header(0))

    def write(self, caller: bytes, line: bytes) -> None:
        """Add mu-law sound of both sides at one moment, equally long (20 ms: 160 bytes each)."""
        if self.fault:
            return
        with self._faults_noted():
            self._lanes[Side.CALLER].write(caller)
            self._lanes[Side.LINE].write(line)

    def close(self) -> list[AudioFile]:
        """End the recording and return what there is of it, after a fault too."""
        for lane in self._lanes.values():
            with self._faults_noted():
                lane.close()
        return [mend(path) for path in self._paths.values() if path.exists()]

    @contextlib.contextmanager
    def _faults_noted(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.fault = "recording_failed"


def keep_place(folder: Path, call_id: str, starts_at_ms: int, mulaw: bytes) -> AudioFile:
    """Write the sound of a caller saying where they are, and return what is kept; raises OSError.

    It lies beside the call's other sound and is deleted with it.
    """
    path = private_file(folder / f"{call_id}.{starts_at_ms}.{secrets.token_hex(8)}.{Side.PLACE}.wav")
    path.write_bytes(wav_header(len(mulaw)) + mulaw)
    return mend(path)


def mend(path: Path) -> AudioFile:
    """Make the header of a recorded file tell its true length, and return what the file holds; raises OSError."""
    call_id, starts_at_ms, _, side, _ = path.name.split(".")
    samples = max(0, path.stat().st_size - _HEADER.size)
    with path.open("r+b") as file:
        file.write(wav_header(samples))
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return AudioFile(path.name, call_id, Side(side), int(starts_at_ms), samples * 1000 // RATE_HZ, sha256)


def recover_audio(store: CallStore, folder: Path, call_id: str) -> list[AudioFile]:
    """Mend and note the files of a call whose recorder was never closed, for example after a crash.

    Not for a call that still runs. Raises OSError, and VoicebotError as `CallStore.add_audio` does.
    """
    noted = {file.name for file in store.audio(call_id)}
    lost = [mend(path) for path in audio_paths(folder, call_id) if path.name not in noted]
    store.add_audio(lost)
    return lost


def audio_paths(folder: Path, call_id: str) -> list[Path]:
    """Return the recorded files of a call, noted in a store or not."""
    return sorted(folder.glob(f"{glob.escape(call_id)}.*.wav"))
