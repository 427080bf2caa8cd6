"""The built-in voice: text to 8 kHz speech with pyttsx3. The one module that imports pyttsx3; it knows no prompt ids.

pyttsx3 speaks through libespeak-ng, which espeakng-loader brings along with its data, so no system package is needed.
Both run in a child process, as they print on stdout, keep one engine a process, and end the process from C when
something is missing.
"""

from __future__ import annotations

import ctypes
import io
import multiprocessing
import os
import wave
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import espeakng_loader
import numpy as np
import soxr

from voicebot.errors import Exit, VoicebotError
from voicebot.speech.codec import RATE
from voicebot.speech.mastering import EDGE_MS, LEVEL_DB, PEAK_DB, master

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicebot.speech.codec import Samples

VOICES = {"en": "en-us+f2", "es": "es-419+f2"}
"""espeak-ng's US English and Latin American Spanish, by language, with a woman's timbre: a recognizer made more of it
than of the plain voice."""
WORDS_PER_MINUTE = 145
"""espeak-ng's own measure: over all prompts it comes to about 170 real words a minute, pauses included."""
SLOW_WORDS_PER_MINUTE = 105
"""For callers who ask for slower speech: about 120 real words a minute."""
PROCESSES = min(2, os.cpu_count() or 1)
"""Child processes that speak side by side; each takes a core while it does."""

FINGERPRINT = (
    f"pyttsx3 {version('pyttsx3')}, espeakng-loader {version('espeakng-loader')}, {', '.join(VOICES.values())} "
    f"at {WORDS_PER_MINUTE} and {SLOW_WORDS_PER_MINUTE}, "
    f"{LEVEL_DB} dB, peaks {PEAK_DB} dB, edges {EDGE_MS} ms"
)
"""Changes with everything, apart from the text, that the sound depends on."""


@dataclass(frozen=True, slots=True)
class Script:
    """A text, and how to speak it."""

    text: str
    language: str = "en"
    """One of `VOICES`."""
    slow: bool = False


def speak(scripts: Sequence[Script]) -> Iterator[Samples]:
    """Yield the speech of each text, in order: 8 kHz, mono, 16 bits, mastered for the telephone.

    Raises VoicebotError `voice_unavailable` when the engine cannot be started or gives no sound.
    """
    with TemporaryDirectory(prefix="voicebot-") as folder:
        # espeak-ng cuts the path of its data at 160 characters, then does not find it: a link is short wherever we are.
        data = Path(folder, "espeak-ng-data")
        data.symlink_to(espeakng_loader.get_data_path())
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            min(PROCESSES, len(scripts) or 1), mp_context=spawn, initializer=_set_up_child, initargs=(str(data),)
        ) as child:
            try:
                yield from child.map(_speak, scripts)
            except (BrokenProcessPool, ImportError, OSError, RuntimeError, ValueError, EOFError, wave.Error) as error:
                raise VoicebotError(
                    "voice_unavailable",
                    f"The built-in voice cannot speak ({type(error).__name__}).",
                    "Install pyttsx3 and espeakng-loader again.",
                    Exit.CANNOT_RUN,
                ) from error


def _set_up_child(data: str) -> None:
    """Keep this process off the parent's stdout and stderr, in C too, and tell espeak-ng where its data is."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.environ["ESPEAK_DATA_PATH"] = data


@cache
def _engine() -> tuple[Any, ctypes.CDLL]:
    """Return the engine of this process and the library below it.

    pyttsx3 cancels whatever espeak-ng still has to do when it begins to speak, the rate just set or the end of the last
    text included; hence `espeak_Synchronize`, which waits until nothing is left. It also takes up settings, and waits
    for the end of a text, only after a first `runAndWait`.
    """
    # Loaded under the name pyttsx3 asks the system for (libespeak-ng.so.1), so that it gets this one.
    espeak = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    import pyttsx3  # noqa: PLC0415 - it looks for the library while it is imported

    engine = pyttsx3.init("espeak")
    espeak.espeak_Synchronize()
    engine.runAndWait()
    return engine, espeak


def _speak(script: Script) -> Samples:
    engine, espeak = _engine()
    engine.setProperty("voice", VOICES[script.language])
    engine.setProperty("rate", SLOW_WORDS_PER_MINUTE if script.slow else WORDS_PER_MINUTE)
    espeak.espeak_Synchronize()
    sound = io.BytesIO()  # not a file: pyttsx3 would wait for ever if it could not write one
    engine.save_to_file(script.text, sound)
    engine.runAndWait()
    espeak.espeak_Synchronize()
    sound.seek(0)
    with wave.open(sound) as spoken:
        samples = np.frombuffer(spoken.readframes(spoken.getnframes()), dtype=np.int16)
        return master(soxr.resample(samples, spoken.getframerate(), RATE, quality="HQ"))
