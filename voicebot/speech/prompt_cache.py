"""Rendered prompts on disk: 8 kHz mu-law WAV files named by what they were made from. Knows no prompt ids, no voice."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import soundfile

from voicebot.errors import Exit, VoicebotError
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import RATE, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.speech.pyttsx3_voice import Script


@dataclass(frozen=True)
class PromptCache:
    """A folder of rendered texts, open to its owner alone (folder 0700, files 0600)."""

    folder: Path
    voice: str
    """Everything, apart from the text, that the sound depends on: another voice never finds this one's files."""

    def find(self, script: Script) -> bytes | None:
        """Return the mu-law of a text that was rendered before; None if it was not, or its file is damaged."""
        path = self._path(script)
        try:
            return encode(read_audio(path)) if path.is_file() else None
        except VoicebotError:
            return None

    def keep(self, script: Script, mulaw: bytes) -> None:
        """Write a rendered text, whole or not at all, even when two processes do it at once.

        Raises VoicebotError `prompt_cache_unwritable` when the disk is full or the folder cannot be written.
        """
        wav = io.BytesIO()
        soundfile.write(wav, decode(mulaw), RATE, format="WAV", subtype="ULAW")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with TemporaryDirectory(dir=self.folder, prefix=".") as workshop:
                part = Path(workshop, "part.wav")
                part.touch(mode=0o600)
                with part.open("wb") as file:
                    file.write(wav.getvalue())
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(self._path(script))
        except OSError as error:
            raise VoicebotError(
                "prompt_cache_unwritable",
                f"Rendered prompts cannot be written to {self.folder}: {error.strerror}.",
                "Make room on the disk, or set VOICEBOT_DATA_DIR to a folder that can be written.",
                Exit.CANNOT_RUN,
            ) from error

    def leftovers(self, scripts: Iterable[Script]) -> list[Path]:
        """Return the files that none of these texts uses any more."""
        used = {self._path(script) for script in scripts}
        return sorted(path for path in self.folder.glob("*.wav") if path not in used)

    def _path(self, script: Script) -> Path:
        made_from = f"{self.voice}\n{script.language}, {'slow' if script.slow else 'usual'}\n{script.text}".encode()
        return self.folder / f"{hashlib.sha256(made_from).hexdigest()}.wav"
