"""Sound files in any common format, to and from what the telephone carries. No recognizer, no carrier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from voicebot.errors import VoicebotError
from voicebot.speech.codec import RATE, Samples, decode

if TYPE_CHECKING:
    from pathlib import Path


def read_audio(path: Path) -> Samples:
    """Return a sound file (WAV PCM or mu-law, FLAC, any rate and channels) as mono 16-bit samples at 8 kHz.

    Channels are averaged. Raises VoicebotError `audio_unreadable`, also for a file that holds no sound.
    """
    try:
        channels, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, TypeError):  # TypeError: a raw file, which does not tell its format
        raise _unreadable(path, "is not a sound file that can be read") from None
    if not channels.size:
        raise _unreadable(path, "holds no sound")
    mono = channels.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE, quality="HQ")
    whole = np.nan_to_num(np.rint(mono * 32768))
    samples: Samples = np.clip(whole, -32768, 32767).astype(np.int16)
    return samples


def write_mulaw_wav(path: Path, mulaw: bytes) -> None:
    """Write 8 kHz mu-law as a WAV file."""
    soundfile.write(path, decode(mulaw), RATE, format="WAV", subtype="ULAW")


def _unreadable(path: Path, what: str) -> VoicebotError:
    return VoicebotError("audio_unreadable", f"{path} {what}.", "Use a WAV (PCM or mu-law) or FLAC file.")
