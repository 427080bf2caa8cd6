from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.storage.given import start
from voicebot.storage.audio import CallAudio, keep_place, mend, recover_audio, wav_header
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.retention import delete_audio
from voicebot.storage.rows import Side

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore

FRAME = 160


def record(folder: Path, call_id: str, frames: int, starts_at_ms: int = 500) -> CallAudio:
    audio = CallAudio(folder, call_id, starts_at_ms)
    for number in range(frames):
        audio.write(bytes([number % 128]) * FRAME, b"\xff" * FRAME)
    return audio


def test_both_sides_are_kept_as_mu_law_wav_any_program_reads(tmp_path: Path) -> None:
    caller, line = record(tmp_path, "c1", frames=60).close()
    assert [(file.side, file.ms, file.starts_at_ms) for file in (caller, line)] == [
        (Side.CALLER, 1200, 500),
        (Side.LINE, 1200, 500),
    ]
    info = soundfile.info(tmp_path / caller.name)
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (8000, 1, "ULAW", 9600)
    silence, _ = soundfile.read(tmp_path / line.name)
    assert not np.any(silence)


def test_the_sound_is_stored_byte_for_byte_and_fingerprinted(tmp_path: Path) -> None:
    caller, _ = record(tmp_path, "c1", frames=2).close()
    content = (tmp_path / caller.name).read_bytes()
    assert content.endswith(b"\x00" * FRAME + b"\x01" * FRAME)
    assert caller.sha256 == hashlib.sha256(content).hexdigest()


def test_only_the_owner_may_hear(tmp_path: Path) -> None:
    for file in record(tmp_path, "c1", frames=1).close():
        assert (tmp_path / file.name).stat().st_mode & 0o777 == 0o600


def test_a_recording_without_sound_is_a_valid_file() -> None:
    assert soundfile.info(io.BytesIO(wav_header(0))).frames == 0


def test_a_second_stream_of_one_call_gets_files_of_its_own(tmp_path: Path) -> None:
    files = record(tmp_path, "c1", 1).close() + record(tmp_path, "c1", 1).close()
    assert len({file.name for file in files}) == 4


def test_after_a_crash_the_files_are_mended_and_noted_once(tmp_path: Path) -> None:
    store = MemoryStore()
    call_id = start(store).call_id
    script = f"""
        import os, signal
        from pathlib import Path
        from voicebot.storage.audio import CallAudio
        audio = CallAudio(Path({str(tmp_path)!r}), {call_id!r}, 500)
        for _ in range(125):
            audio.write(bytes(160), bytes(160))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=30)
    recovered = recover_audio(store, tmp_path, call_id)
    assert store.audio(call_id) == recovered
    assert [file.side for file in recovered] == [Side.CALLER, Side.LINE]
    for file in recovered:
        assert 1500 <= file.ms <= 2500  # of 2.5 s at most one second is lost
        assert soundfile.info(tmp_path / file.name).frames == file.ms * 8
    assert recover_audio(store, tmp_path, call_id) == []


def test_a_file_cut_within_its_header_is_mended_to_silence(tmp_path: Path) -> None:
    path = tmp_path / "c1.0.ab.caller.wav"
    path.write_bytes(b"RIFF")
    assert mend(path).ms == 0
    assert soundfile.info(path).frames == 0


def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path: Path) -> None:
    script = f"""
        import resource
        from pathlib import Path
        from voicebot.storage.audio import CallAudio
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        audio = CallAudio(Path({str(tmp_path)!r}), "c1", 0)
        for _ in range(500):
            audio.write(bytes(160), bytes(160))
        print(audio.fault, [file.ms for file in audio.close()])
    """
    told = subprocess.check_output([sys.executable, "-c", textwrap.dedent(script)], text=True, timeout=30)
    assert told.startswith("recording_failed [2")
    for path in tmp_path.iterdir():
        assert soundfile.info(path).frames > 16_000


@pytest.mark.parametrize("folder", ["missing", "file/within"])
def test_a_folder_that_takes_no_files_is_a_fault_not_an_error(tmp_path: Path, folder: str) -> None:
    audio = record(tmp_path / folder, "c1", frames=100)
    assert audio.fault == "recording_failed"
    assert audio.close() == []


def test_where_a_caller_is_lies_beside_the_call_and_goes_with_it(
    store: CallStore, call: CallRow, tmp_path: Path
) -> None:
    kept = keep_place(tmp_path, call.call_id, 30_000, b"\x55" * 8000)
    store.add_audio([kept])
    assert (kept.side, kept.starts_at_ms, kept.ms) == (Side.PLACE, 30_000, 1000)
    assert (tmp_path / kept.name).stat().st_mode & 0o777 == 0o600
    assert delete_audio(store, tmp_path, call.call_id) == 1
    assert list(tmp_path.glob("*.wav")) == store.audio(call.call_id) == []


def test_the_sound_of_both_sides_makes_no_file_of_a_place(tmp_path: Path) -> None:
    recorder = CallAudio(tmp_path, "call", 0)
    assert {file.side for file in recorder.close()} == {Side.CALLER, Side.LINE}
