from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storage.given import start
from voicebot.calls.entries import Entry
from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.storage.audio import CallAudio
from voicebot.storage.retention import delete_audio, delete_words

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.sql_store import SqlStore
    from voicebot.storage.store import CallStore


def record(store: CallStore, folder: Path, call_id: str) -> None:
    audio = CallAudio(folder, call_id, 0)
    audio.write(bytes(160), bytes(160))
    store.add_audio(audio.close())


def test_deleting_the_sound_of_a_call_leaves_that_of_others(store: CallStore, tmp_path: Path) -> None:
    gone, kept = start(store).call_id, start(store).call_id
    for call_id in (gone, kept):
        record(store, tmp_path, call_id)
    CallAudio(tmp_path, gone, 40).close()  # and never noted
    assert delete_audio(store, tmp_path, gone) == 4
    assert store.audio(gone) == []
    assert {path.name for path in tmp_path.glob("*.wav")} == {file.name for file in store.audio(kept)}


def test_deleted_words_are_overwritten_on_the_disk(sql_store: SqlStore, tmp_path: Path) -> None:
    call_id = start(sql_store).call_id
    sql_store.append(call_id, [Entry(0, Heard(10, Meaning.YES, 0.9, words="canary in the leg"))])
    delete_words(sql_store, call_id)
    with sql_store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(b"canary" not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("unknown", ["words", "audio"])
def test_an_unknown_call_has_nothing_to_delete(store: CallStore, tmp_path: Path, unknown: str) -> None:
    with pytest.raises(VoicebotError, match="no such call"):
        delete_words(store, "*") if unknown == "words" else delete_audio(store, tmp_path, "*")
