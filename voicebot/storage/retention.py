"""Forgets what a caller said and how it sounded. What was decided, and why, stays and can still be repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.storage.audio import audio_paths

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.store import CallStore


def delete_words(store: CallStore, call_id: str) -> None:
    """Forget the words of a call; raises VoicebotError `unknown_call` or `store_failed`."""
    store.call(call_id)
    store.delete_words(call_id)


def delete_audio(store: CallStore, folder: Path, call_id: str) -> int:
    """Delete the recorded files of a call and return how many; raises OSError, VoicebotError as `delete_words` does."""
    store.call(call_id)
    paths = audio_paths(folder, call_id)
    for path in paths:
        path.unlink(missing_ok=True)
    store.forget_audio(call_id)
    return len(paths)
