"""Folders and files that only their owner can open, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from voicebot.errors import Exit, VoicebotError

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def private_folder(path: Path) -> Path:
    """Make the folder, or close an existing one to everybody else, and return it.

    Raises VoicebotError `data_folder_unusable` when it cannot be made, or is shared with other users (as /tmp is).
    """
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        mode = path.stat().st_mode
        if mode & stat.S_ISVTX:
            raise PermissionError
        if stat.S_IMODE(mode) != FOLDER_MODE:
            path.chmod(FOLDER_MODE)
    except OSError as error:
        raise VoicebotError(
            "data_folder_unusable",
            f"The data folder {path} cannot be used ({type(error).__name__}).",
            "Set VOICEBOT_DATA_DIR to a folder of your own.",
            Exit.CANNOT_RUN,
        ) from error
    return path


def private_file(path: str | Path) -> Path:
    """Make an empty file, or close an existing one to everybody else, and return its path; raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)
    return Path(path)
