"""Checks of the machine: libraries, data folder, disk, clock. Nothing of calls, speech or the carrier."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import voicebot
from voicebot.doctor.findings import Verdict, error, ok, warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.config import Settings

NATIVE = ("numpy", "soundfile", "soxr", "vosk", "espeakng_loader", "pyttsx3")
"""Python packages that bring compiled libraries, which may not fit the machine."""
OLDEST_SQLITE = (3, 35)
"""The first with RETURNING, by which a record's next place is taken."""
SOUND_BYTES_AN_HOUR = 2 * 8000 * 3600
"""Both sides of one call, mu-law at 8 kHz."""
LITTLE_ROOM_BYTES = 1 << 30
TOO_LITTLE_ROOM_BYTES = 100 << 20


def check_system(_settings: Settings) -> Verdict:
    """Load the compiled libraries."""
    return judge_system(NATIVE, sqlite3.sqlite_version_info)


def judge_system(modules: Sequence[str], sqlite: tuple[int, ...]) -> Verdict:
    """Return whether all `modules` load and this version of SQLite will do."""
    broken = [module for module in modules if not _loads(module)]
    if broken:
        return error(f"Cannot be loaded: {', '.join(broken)}.", "Install the package again, for this very machine.")
    if sqlite < OLDEST_SQLITE:
        return error(
            f"SQLite {'.'.join(map(str, sqlite))} is too old.", "Use a Python that brings SQLite 3.35 or newer."
        )
    return ok(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}; all libraries load.")


def _loads(module: str) -> bool:
    try:
        import_module(module)
    except (ImportError, OSError):
        return False
    return True


def check_data_folder(settings: Settings) -> Verdict:
    """Look whether the data folder can be written, and by its owner alone."""
    folder = settings.data_dir
    if not folder.exists():
        if os.access(_nearest(folder), os.W_OK | os.X_OK):
            return ok(f"{folder} will be made at the first start.")
        return error(f"{folder} cannot be made.", "Set VOICEBOT_DATA_DIR to a folder of your own.")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return error(f"{folder} cannot be written.", "Set VOICEBOT_DATA_DIR to a folder of your own.")
    inside = [folder, *folder.rglob("*")]
    if shared := sum(bool(stat.S_IMODE(path.lstat().st_mode) & 0o077) for path in inside if not path.is_symlink()):
        return error(
            f"{shared} of {len(inside)} files and folders in {folder} are open to other users.",
            f"Run: chmod -R go= {folder}",
        )
    return ok(f"{folder} is open to its owner alone ({len(inside)} files and folders).")


def _nearest(path: Path) -> Path:
    """Return the innermost folder on the way to `path` that exists."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def check_disk(settings: Settings) -> Verdict:
    """Ask for the free space where calls are kept."""
    return judge_room(shutil.disk_usage(_nearest(settings.data_dir)).free)


def judge_room(free_bytes: int) -> Verdict:
    """Return what so much free space means."""
    told = (
        f"{free_bytes / (1 << 30):.1f} GiB free, room for {free_bytes // SOUND_BYTES_AN_HOUR} hours of recorded calls."
    )
    remedy = "Make room, or set VOICEBOT_DATA_DIR to a larger disk."
    if free_bytes < TOO_LITTLE_ROOM_BYTES:
        return error(told, remedy)
    return warning(told, remedy) if free_bytes < LITTLE_ROOM_BYTES else ok(told)


def check_clock(settings: Settings) -> Verdict:
    """Compare the wall clock with the steady one and with the times files were written."""
    steady, wall = time.monotonic(), time.time()
    time.sleep(0.05)
    drift = (time.time() - wall) - (time.monotonic() - steady)
    written = [path.stat().st_mtime for path in (Path(voicebot.__file__), settings.data_dir) if path.exists()]
    return judge_clock(datetime.now().astimezone(), datetime.fromtimestamp(max(written), UTC), drift)


def judge_clock(now: datetime, last_written: datetime, drift_s: float) -> Verdict:
    """Return whether the clock can be believed.

    `now` has this machine's time zone; `drift_s` is by how much the wall clock left the steady one in a moment.
    """
    remedy = "Let the machine keep its clock by itself (timedatectl set-ntp true)."
    if last_written - now > timedelta(minutes=1):
        return error(f"The clock says {now:%Y-%m-%d %H:%M}, but files were written later than that.", remedy)
    if abs(drift_s) > 0.01:  # noqa: PLR2004 - 10 ms: scheduling explains less, a clock being set explains more
        return warning(f"The clock moved by {1000 * drift_s:.0f} ms while it was looked at.", remedy)
    offset = now.utcoffset() or timedelta()
    if abs(offset) > timedelta(hours=14) or offset % timedelta(minutes=15):
        return warning(f"The time zone is {offset} off UTC, as no place on Earth is.", "Set the machine's time zone.")
    return ok(f"The clock says {now:%Y-%m-%d %H:%M:%S %z} and is steady.")
