"""What a telephone and a room do to speech: pure functions over `Speech`, each with its own random generator.

The mu-law codec itself is not here: it is in the ears' way for every engine (see `engines.py`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from benchmarks.hearing_parts.clips import Speech, speech_power
from voicebot.speech import codec
from voicebot.speech.codec import RATE, Samples

if TYPE_CHECKING:
    from benchmarks.hearing_parts.noises import Sound

FRAME = RATE // 50
"""What the telephone sends, and loses, at a time: 20 ms, one byte a sample."""
BEFORE_MS, AFTER_MS = 300, 1500
"""How long noise is heard alone before and after a recording: it does not end with the word."""
BURST = 3
"""Frames lost in a row, on average, where losses come in bursts."""
CUT_MS = 50.0
"""How much of a word's beginning is lost to a line that opens late."""
CODECS = {"GSM 06.10": ("WAV", "GSM610"), "G.721": ("WAV", "G721_32"), "Opus": ("OGG", "OPUS")}
"""Codecs on the way to the carrier, as libsndfile knows them."""
DAMAGES = ("silence", "repeat", "silence, bursts", "repeat, bursts")
"""What is heard instead of a lost frame, and whether losses come alone."""


def whole(sound: Sound) -> Samples:
    """Return a sound as 16-bit samples, turned down where it would not fit."""
    fitting = min(1.0, 32767 / (np.abs(sound).max() + 1e-9))
    return np.rint(sound * fitting).astype(np.int16)


def room_for_noise(speech: Speech) -> int:
    """Return how many samples of noise `with_noise` takes."""
    return len(speech.samples) + (BEFORE_MS + AFTER_MS) * RATE // 1000


def with_noise(speech: Speech, noise: Sound, snr_db: float, *, over_pauses: bool = False) -> Speech:
    """Return speech amid `noise` of power 1, which is heard alone before and after it.

    `snr_db` is the power of the speech, or with `over_pauses` that of the whole recording, over that of the noise.
    """
    power = float(np.mean(speech.samples.astype(np.float64) ** 2)) if over_pauses else speech_power(speech)
    padded = np.pad(speech.samples.astype(np.float64), (BEFORE_MS * RATE // 1000, AFTER_MS * RATE // 1000))
    level = np.sqrt(power) * 10 ** (-snr_db / 20)
    return Speech(whole(padded + level * noise), speech.starts_ms + BEFORE_MS, speech.ends_ms + BEFORE_MS)


def lose_frames(speech: Speech, rng: np.random.Generator, share: float, damage: str) -> Speech:
    """Return speech with `share` (0..1) of its mu-law frames lost; `damage` is one of DAMAGES."""
    mulaw = codec.encode(speech.samples)
    frames = [mulaw[start : start + FRAME] for start in range(0, len(mulaw), FRAME)]
    longest = BURST if damage.endswith("bursts") else 1
    ends, begins = 1 / longest, share / (longest * (1 - share))
    lost = rng.random() < share
    for number, frame in enumerate(frames):
        if lost:
            last = frames[number - 1] if number and damage.startswith("repeat") else codec.SILENCE * FRAME
            frames[number] = last[: len(frame)]
        lost = rng.random() < (1 - ends if lost else begins)
    return Speech(codec.decode(b"".join(frames)), speech.starts_ms, speech.ends_ms)


def through_codec(speech: Speech, name: str) -> Speech:
    """Return speech after a codec of CODECS and back."""
    sound_format, subtype = CODECS[name]
    coded = io.BytesIO()
    soundfile.write(coded, speech.samples, RATE, format=sound_format, subtype=subtype)
    coded.seek(0)
    samples, _ = soundfile.read(coded, dtype="int16")
    return Speech(samples[: len(speech.samples)], speech.starts_ms, speech.ends_ms)


def in_room(speech: Speech, response: Samples) -> Speech:
    """Return speech as a room with this response to a click sends it on, as loud as it was."""
    clicked = response[np.argmax(np.abs(response.astype(np.int32))) :].astype(np.float64)
    size = len(speech.samples) + len(clicked)
    echoed = np.fft.irfft(np.fft.rfft(speech.samples, size) * np.fft.rfft(clicked, size), size)
    loud = np.sqrt(np.mean(speech.samples.astype(np.float64) ** 2) / (np.mean(echoed**2) + 1e-9))
    return Speech(whole(echoed * loud), speech.starts_ms, speech.ends_ms)


def begun_late(speech: Speech) -> Speech:
    """Return speech from CUT_MS after its beginning on: it starts with the first sample."""
    cut_ms = speech.starts_ms + CUT_MS
    return Speech(speech.samples[int(cut_ms * RATE / 1000) :], 0.0, max(0.0, speech.ends_ms - cut_ms))


def at_level(speech: Speech, level_db: float) -> Speech:
    """Return speech whose loudest sample is `level_db` under full scale."""
    loudest = np.abs(speech.samples.astype(np.float64)).max() + 1e-9
    scaled = whole(speech.samples * (32767 * 10 ** (level_db / 20) / loudest))
    return Speech(scaled, speech.starts_ms, speech.ends_ms)
