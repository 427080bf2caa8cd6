"""Telephone audio as bytes: mu-law at 8000 Hz, one channel, 8 bytes a millisecond; levels, and the WAV files around it.

Only what the emulator needs to be a telephone network. No resampling, no other codec, no files.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE: Final = 8000
"""Hz."""
BYTES_PER_MS: Final = SAMPLE_RATE // 1000
FRAME_MS: Final = 20
"""Length of a media frame (ms)."""
FRAME_BYTES: Final = FRAME_MS * BYTES_PER_MS
SILENCE: Final = b"\xff"
"""One mu-law sample of digital silence."""
SILENT_FRAME: Final = SILENCE * FRAME_BYTES

_BIAS, _CLIP = 0x84, 32635
"""ITU-T G.711: the bias added before the logarithm, and the largest magnitude it can carry."""
_MULAW_FORMAT = 7
"""WAVE_FORMAT_MULAW."""
_END_OF_SPEECH_RATIO = 400.0
"""A window of so many times less power (26 dB) than the loudest one of an utterance is no longer speech."""
_WINDOW = 10 * BYTES_PER_MS


def _decoding_table() -> NDArray[np.int16]:
    inverted = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((inverted & 0x0F).astype(np.int32) << 3) + _BIAS) << ((inverted >> 4) & 0x07)) - _BIAS
    return np.where(inverted & 0x80, -magnitude, magnitude).astype(np.int16)


_LINEAR = _decoding_table()


def to_linear(mulaw: bytes) -> NDArray[np.int16]:
    """Return the 16-bit samples of mu-law audio (ITU-T G.711)."""
    return _LINEAR[np.frombuffer(mulaw, dtype=np.uint8)]


def to_mulaw(samples: NDArray[np.int16] | NDArray[np.float64]) -> bytes:
    """Return samples (16-bit range, clipped if louder) as mu-law (ITU-T G.711)."""
    linear = np.asarray(samples, dtype=np.float64).round().astype(np.int32)
    biased = np.minimum(np.abs(linear), _CLIP) + _BIAS
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 0x0F
    sign = np.where(linear < 0, 0x80, 0)
    encoded: bytes = (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()
    return encoded


def level_dbfs(mulaw: bytes) -> float:
    """Return the level of some audio in dB relative to full scale; -inf for digital silence or no audio."""
    samples = to_linear(mulaw).astype(np.float64)
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return 10.0 * float(np.log10(power / 32768.0**2)) if power else float("-inf")


def speech_end(mulaw: bytes) -> int:
    """Return the byte offset where the speech in an utterance ends: behind its last loud 10 ms window.

    Loud is within 26 dB of the utterance's loudest window, so that a recording's own noise is not taken for speech.
    """
    whole = mulaw.ljust(-(-len(mulaw) // _WINDOW) * _WINDOW, SILENCE)
    power = np.mean(to_linear(whole).astype(np.float64).reshape(-1, _WINDOW) ** 2, axis=1)
    loud = np.flatnonzero(power > power.max(initial=0.0) / _END_OF_SPEECH_RATIO)
    return min(len(mulaw), (int(loud[-1]) + 1) * _WINDOW) if len(loud) else 0


def to_wav(mulaw: bytes) -> bytes:
    """Return mu-law audio as a WAV file."""
    fmt = struct.pack("<HHIIHHH", _MULAW_FORMAT, 1, SAMPLE_RATE, SAMPLE_RATE, 1, 8, 0)
    fact = struct.pack("<I", len(mulaw))
    padded = mulaw + b"\0" * (len(mulaw) % 2)
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + content
        for name, body, content in ((b"fmt ", fmt, fmt), (b"fact", fact, fact), (b"data", mulaw, padded))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def from_wav(wav: bytes) -> bytes:
    """Return the mu-law audio of a WAV file. Raises ValueError for anything but one channel of 8 kHz mu-law."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    position, described = 12, False
    while position + 8 <= len(wav):
        name, size = wav[position : position + 4], struct.unpack_from("<I", wav, position + 4)[0]
        body = wav[position + 8 : position + 8 + size]
        if name == b"fmt ":
            if struct.unpack_from("<HHI", body.ljust(8, b"\0")) != (_MULAW_FORMAT, 1, SAMPLE_RATE):
                raise ValueError("not one channel of mu-law at 8000 Hz")
            described = True
        if name == b"data" and described:
            return body
        position += 8 + size + size % 2
    raise ValueError("a WAV file without audio")
