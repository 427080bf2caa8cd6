"""Corrected words with the sound they were said in, as one archive: gold for measuring how well the line hears.

Sound is in it only of callers who had agreed to be recorded by then; the words of others stand in the list without.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from voicebot.dialog.events import Heard, SecondThought
from voicebot.storage.audio import wav_header
from voicebot.storage.rows import Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicebot.storage.review_store import Correction
    from voicebot.storage.rows import AudioFile
    from voicebot.storage.store import CallStore

COLUMNS = ("file", "words", "heard", "confidence", "consent")
AROUND_MS = 200
"""Kept before and after the speech."""
_BYTES_PER_MS = 8
_HEADER_BYTES = len(wav_header(0))


def gold_archive(store: CallStore, folder: Path, corrections: Iterable[Correction]) -> bytes:
    """Return a ZIP of one WAV an utterance (mu-law, 8 kHz) and `manifest.tsv`; files are named by a number alone.

    Raises VoicebotError `store_failed`, `record_broken`, and OSError when a sound file cannot be read.
    """
    table, body = io.StringIO(newline=""), io.BytesIO()
    rows = csv.writer(table, dialect="excel-tab", lineterminator="\n")
    rows.writerow(COLUMNS)
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, correction in enumerate(corrections):
            heard = store.load(correction.call_id)[correction.seq].message
            assert isinstance(heard, Heard | SecondThought)
            sound = _sound(store.audio(correction.call_id), folder, heard) if correction.consent else b""
            name = f"{number:05}.wav" if sound else ""
            if sound:
                archive.writestr(name, wav_header(len(sound)) + sound)
            consent = "yes" if correction.consent else "no"
            rows.writerow((name, correction.words, heard.words or "", f"{heard.confidence:.3f}", consent))
        archive.writestr("manifest.tsv", table.getvalue())
    return body.getvalue()


def _sound(files: Iterable[AudioFile], folder: Path, heard: Heard | SecondThought) -> bytes:
    """Return the caller's sound around an utterance; empty when none was kept, or nobody knows where it lies."""
    if heard.started_ms is None or heard.ended_ms is None:
        return b""
    from_ms, to_ms = heard.started_ms - AROUND_MS, heard.ended_ms + AROUND_MS
    for file in files:
        if file.side is Side.CALLER and file.starts_at_ms <= heard.started_ms < file.starts_at_ms + file.ms:
            begin = max(0, from_ms - file.starts_at_ms) * _BYTES_PER_MS
            with (folder / file.name).open("rb") as wav:
                wav.seek(_HEADER_BYTES + begin)
                return wav.read((to_ms - file.starts_at_ms) * _BYTES_PER_MS - begin)
    return b""
