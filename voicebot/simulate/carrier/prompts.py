"""Makes the caller hear what Play, Say, Pause and the beep of Record stand for, over the line, in its real length."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES, SAMPLE_RATE, SILENCE, to_mulaw
from voicebot.simulate.carrier.caller import SaidKind
from voicebot.simulate.carrier.verbs import Pause, Play, Say

if TYPE_CHECKING:
    from voicebot.simulate.carrier.line import Line

_SPOKEN_CHARACTER_MS = 65
"""About 15 characters a second, as a speech synthesizer speaks."""
_BEEP_HZ, _BEEP_MS, _BEEP_AMPLITUDE = 1000, 400, 6000

Sound = Callable[[str], bytes]
"""Fetches the mu-law of a Play's URL as it stands in the document."""


def perform(prompt: Say | Play | Pause, line: Line, sound: Sound, *, until_key: bool) -> tuple[str, ...]:
    """Let the caller hear a prompt; with `until_key` a key cuts it short. Return the keys that did.

    Raises CarrierError if a sound cannot be had, and CallOver.
    """
    match prompt:
        case Pause(length_s):
            return _hear(line, SILENCE * round(length_s * SAMPLE_RATE), until_key=until_key)
        case Say(name, loop):
            kind, audio = SaidKind.SAY, SILENCE * (len(name) * _SPOKEN_CHARACTER_MS * BYTES_PER_MS)
        case Play(name, loop):
            kind, audio = SaidKind.PLAY, sound(name)
    for _ in range(loop):
        keys = _say(line, name, kind, audio, until_key=until_key)
        if keys:
            return keys
    return ()


def beep(line: Line) -> None:
    """Let the caller hear the tone that starts a recording."""
    _say(line, "beep", SaidKind.BEEP, _tone(), until_key=False)


def _say(line: Line, name: str, kind: SaidKind, audio: bytes, *, until_key: bool) -> tuple[str, ...]:
    line.prompt_begins()
    line.says(name, kind, audio, line.position_ms)
    return _hear(line, audio, until_key=until_key)


def _hear(line: Line, audio: bytes, *, until_key: bool) -> tuple[str, ...]:
    for start in range(0, len(audio), FRAME_BYTES):
        keys = line.tick(audio[start : start + FRAME_BYTES]).digits
        if keys and until_key:
            return keys
    return ()


@cache
def _tone() -> bytes:
    times = np.arange(_BEEP_MS * BYTES_PER_MS) / SAMPLE_RATE
    return to_mulaw(_BEEP_AMPLITUDE * np.sin(2 * np.pi * _BEEP_HZ * times))
