"""Keeps the sound of a call once the dialog lets it be kept: no file exists before the first sound to be kept.

Where a caller is, is kept by a consent of its own and in a file of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from voicebot.errors import VoicebotError
from voicebot.speech.codec import BYTES_PER_MS
from voicebot.storage.audio import CallAudio, keep_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voicebot.storage.store import CallStore

_log = structlog.get_logger()


class CallRecorder:
    """The recorder of one call, with its files in `folder`; `now_ms` tells the call's clock after a written piece."""

    def __init__(self, store: CallStore, folder: Path, call_id: str, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._folder = folder
        self._call_id = call_id
        self._now_ms = now_ms
        self._audio: CallAudio | None = None

    def write(self, caller: bytes, line: bytes) -> None:
        """Keep mu-law sound of both sides at one moment, equally long."""
        if self._audio is None:
            starts_at_ms = max(0, self._now_ms() - len(caller) // BYTES_PER_MS)
            self._audio = CallAudio(self._folder, self._call_id, starts_at_ms)
        self._audio.write(caller, line)

    def keep_number(self, number: str) -> None:
        """Keep the number (E.164) the caller keyed in. What cannot be kept is logged; the call goes on."""
        try:
            self._store.give_number(self._call_id, number)
        except VoicebotError as error:
            _log.error("number_not_kept", call_id=self._call_id, code=error.code)

    def keep_place(self, mulaw: bytes, starts_at_ms: int) -> bool:
        """Keep where the caller is, as they said it; return whether it was kept. What cannot be kept is logged."""
        if not mulaw:
            return False
        try:
            self._store.add_audio([keep_place(self._folder, self._call_id, starts_at_ms, mulaw)])
        except (VoicebotError, OSError) as error:
            code = error.code if isinstance(error, VoicebotError) else "recording_failed"
            _log.error("recording_incomplete", call_id=self._call_id, code=code)
            return False
        return True

    def close(self) -> None:
        """Note the files in the store. What cannot be kept is logged; a call never fails over it."""
        if self._audio is None:
            return
        try:
            self._store.add_audio(self._audio.close())
            fault = self._audio.fault
        except VoicebotError as error:
            fault = error.code
        except OSError:
            fault = "recording_failed"
        if fault:
            _log.error("recording_incomplete", call_id=self._call_id, code=fault)
