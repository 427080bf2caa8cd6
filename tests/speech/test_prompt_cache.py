import resource
import stat

import numpy as np
import pytest
import soundfile

from voicebot.errors import Exit, VoicebotError
from voicebot.speech.codec import decode, encode
from voicebot.speech.prompt_cache import PromptCache
from voicebot.speech.pyttsx3_voice import Script

SOUND = encode(np.arange(-32768, 32768, 7, dtype=np.int16))


@pytest.fixture
def cache(tmp_path):
    return PromptCache(tmp_path / "prompts", "a voice")


def files(cache):
    return sorted(cache.folder.iterdir())


def test_what_was_kept_is_found_to_the_byte(cache):
    cache.keep(Script("Hello."), SOUND)
    assert cache.find(Script("Hello.")) == SOUND


def test_another_text_and_another_voice_find_nothing(cache):
    cache.keep(Script("Hello."), SOUND)
    assert cache.find(Script("Hello!")) is None
    assert cache.find(Script("Hello.", slow=True)) is None
    assert cache.find(Script("Hello.", language="es")) is None
    assert PromptCache(cache.folder, "another voice").find(Script("Hello.")) is None


def test_a_file_is_mulaw_at_8_khz_that_any_player_plays(cache):
    cache.keep(Script("Hello."), SOUND)
    info = soundfile.info(files(cache)[0])
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("WAV", "ULAW", 8000, 1)
    assert (soundfile.read(files(cache)[0], dtype="int16")[0] == decode(SOUND)).all()


def test_only_the_owner_can_open_folder_and_files(cache):
    cache.keep(Script("Hello."), SOUND)
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in files(cache)] == [0o600]


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"no sound at all" * 100])
def test_a_damaged_file_counts_as_not_there_and_is_replaced(cache, damage):
    cache.keep(Script("Hello."), SOUND)
    files(cache)[0].write_bytes(damage)
    assert cache.find(Script("Hello.")) is None
    cache.keep(Script("Hello."), SOUND)
    assert cache.find(Script("Hello.")) == SOUND


def test_a_full_disk_is_one_clear_error_and_leaves_nothing_half_written(cache):
    cache.keep(Script("Hello."), SOUND)
    before = files(cache)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(VoicebotError) as caught:
            cache.keep(Script("Goodbye."), SOUND)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "prompt_cache_unwritable"
    assert caught.value.exit_code == Exit.CANNOT_RUN
    assert "Make room" in str(caught.value)
    assert files(cache) == before


def test_a_folder_that_cannot_be_made_is_the_same_error(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VoicebotError, match="cannot be written"):
        PromptCache(tmp_path / "taken", "a voice").keep(Script("Hello."), SOUND)


def test_leftovers_are_what_no_text_uses(cache):
    cache.keep(Script("Hello."), SOUND)
    (hello,) = files(cache)
    cache.keep(Script("Old words."), SOUND)
    assert cache.leftovers([Script("Hello.")]) == [path for path in files(cache) if path != hello]
    assert cache.leftovers(map(Script, ["Hello.", "Old words.", "New words."])) == []
