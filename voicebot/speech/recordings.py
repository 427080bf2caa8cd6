"""Studio recordings that replace the built-in voice: which prompt each one is for, and its sound. Makes no speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import FLOOR_DB, encode, level_db
from voicebot.speech.mastering import master

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicebot.speech.prompts import Prompts

_KINDS = {".wav", ".flac"}


def read_recordings(folder: Path, prompts: Prompts) -> dict[str, bytes]:
    """Return prompt id -> 8 kHz mu-law of every `<prompt id>.wav` or `.flac` in a folder; none if there is no folder.

    Raises VoicebotError `recordings_broken` that names every file that is for no prompt, for one with slots, silent or
    double; `audio_unreadable`.
    """
    files = sorted(path for path in folder.glob("[!.]*") if path.suffix != ".md")
    if wrong := [f"{path}: {what}" for path in files for what in _mistakes(path, files, prompts)]:
        raise VoicebotError("recordings_broken", "\n".join(wrong))
    return {path.stem: _sound(path) for path in files}


def _mistakes(path: Path, files: list[Path], prompts: Prompts) -> Iterator[str]:
    if path.suffix not in _KINDS:
        yield "this is no WAV or FLAC file; convert or remove it."
    elif path.stem not in prompts.by_id:
        yield f"there is no prompt {path.stem}; rename or remove the recording."
    elif prompts.by_id[path.stem].slots:
        yield f"prompt {path.stem} has slots, which no recording can fill; remove the recording."
    elif any(other.stem == path.stem for other in files[: files.index(path)]):
        yield f"prompt {path.stem} has another recording; remove one of them."


def _sound(path: Path) -> bytes:
    samples = read_audio(path)
    if level_db(samples) <= FLOOR_DB:
        raise VoicebotError("recordings_broken", f"{path}: this is silent; record it again or remove it.")
    return encode(master(samples))
