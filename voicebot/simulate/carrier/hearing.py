"""Makes a person hear something over their line, in its real length: a prompt, a tone, or silence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES, SAMPLE_RATE, SILENCE, to_mulaw
from voicebot.simulate.carrier.caller import SaidKind

if TYPE_CHECKING:
    from voicebot.simulate.carrier.line import Line

_BEEP_HZ, _BEEP_MS = 1000, 400
_RINGBACK_HZ, _RINGBACK_MS, _RINGBACK_PAUSE_MS = (440, 480), 2000, 4000
"""As it sounds in North America."""
_AMPLITUDE = 6000


def say(
    line: Line, name: str, kind: SaidKind, audio: bytes, *, loops: int = 1, until_key: bool = False
) -> tuple[str, ...]:
    """Let a person hear `audio` (mu-law), and know that the line said it; with `until_key` a key cuts it short.

    Return the keys that did. Raises CallOver and Interrupted.
    """
    for _ in range(loops):
        line.prompt_begins()
        line.says(name, kind, audio, line.position_ms)
        if keys := hear(line, audio, until_key=until_key):
            return keys
    return ()


def hear(line: Line, audio: bytes, *, until_key: bool) -> tuple[str, ...]:
    """Let a person hear `audio` (mu-law); return the keys that cut it short. Raises CallOver and Interrupted."""
    for start in range(0, len(audio), FRAME_BYTES):
        keys = line.tick(audio[start : start + FRAME_BYTES]).digits
        if keys and until_key:
            return keys
    return ()


def beep(line: Line) -> None:
    """Let a person hear the tone that starts a recording. Raises CallOver and Interrupted."""
    say(line, "beep", SaidKind.BEEP, _tone((_BEEP_HZ,), _BEEP_MS))


def ringback(since_ms: int) -> bytes:
    """Return the 20 ms (mu-law) that a caller hears `since_ms` after it began to ring elsewhere."""
    start = since_ms % (_RINGBACK_MS + _RINGBACK_PAUSE_MS) * BYTES_PER_MS
    return _tone(_RINGBACK_HZ, _RINGBACK_MS)[start : start + FRAME_BYTES] or SILENCE * FRAME_BYTES


@cache
def _tone(frequencies: tuple[int, ...], length_ms: int) -> bytes:
    times = np.arange(length_ms * BYTES_PER_MS) / SAMPLE_RATE
    waves = [np.sin(2 * np.pi * frequency * times) for frequency in frequencies]
    return to_mulaw(_AMPLITUDE / len(waves) * np.sum(waves, axis=0))
