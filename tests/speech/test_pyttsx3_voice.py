import json
import subprocess
import sys
from pathlib import Path

import espeakng_loader
import pytest

from voicebot.errors import Exit, VoicebotError
from voicebot.speech.codec import RATE, encode
from voicebot.speech.mastering import LEVEL_DB, PEAK_DB, active_level_db, peak_db
from voicebot.speech.prompt_audit import PACE, measure
from voicebot.speech.pyttsx3_voice import Script, speak
from voicebot.speech.voice import Sound

TEXTS = [
    "Are you calling about numbness, pain, or weakness in a leg?",
    "Yes.",
    "If this is an emergency, hang up and call nine one one. I am an automated assistant, not a nurse or doctor.",
]
SCRIPTS = [Script(text) for text in TEXTS]
SLOWER = 1.2


@pytest.fixture(scope="module")
def spoken():
    return list(speak(SCRIPTS))


def test_every_text_is_spoken_whole_in_order_and_at_a_human_pace(spoken):
    """The first too: pyttsx3 by itself loses the first text, or the pace set for it, now and then."""
    assert len(spoken) == len(TEXTS)
    for text, samples in list(zip(TEXTS, spoken, strict=True))[::2]:
        assert measure(Sound(text, encode(samples))).words_per_minute in PACE
    assert 0.3 < len(spoken[1]) / RATE < 1.0


def test_every_text_has_the_level_of_the_telephone(spoken):
    for samples in spoken:
        assert active_level_db(samples) == pytest.approx(LEVEL_DB, abs=1.5)
        assert peak_db(samples) <= PEAK_DB + 0.1


def test_the_same_texts_take_as_long_in_another_process(spoken):
    """The breath in a voice is made of random numbers, so the bytes differ."""
    for again, before in zip(speak(SCRIPTS), spoken, strict=True):
        assert len(again) == pytest.approx(len(before), abs=RATE // 20)


def test_each_text_has_its_own_pace_and_language_whatever_came_before():
    usual, slow, spanish, again = (
        Script("I will ask some short questions."),
        Script("I will ask some short questions.", slow=True),
        Script("Para un intérprete en español, oprima cuatro.", language="es"),
        Script("I will ask some short questions."),
    )
    lengths = [len(samples) for samples in speak([usual, slow, usual, spanish, again, slow])]
    assert lengths[1] > SLOWER * lengths[0]
    assert lengths[5] > SLOWER * lengths[4]
    assert lengths[4] == pytest.approx(lengths[0], abs=RATE // 20)
    assert lengths[3] / RATE > 1


def test_nothing_is_printed(capfd):
    assert len(list(speak([Script("Yes.")]))) == 1
    assert capfd.readouterr() == ("", "")


def test_the_engine_speaks_from_any_folder_however_long_its_name(tmp_path, monkeypatch):
    """espeak-ng itself holds 160 characters."""
    deep = tmp_path.joinpath(*["a-folder-with-a-rather-long-name"] * 6)
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path())
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(deep / "espeak-ng-data"))
    assert len(list(speak([Script("Yes.")]))) == 1


def test_data_that_is_not_there_is_one_clear_error(tmp_path, monkeypatch):
    """espeak-ng then ends its process from C."""
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path / "gone"))
    with pytest.raises(VoicebotError) as caught:
        list(speak([Script("Yes.")]))
    assert caught.value.code == "voice_unavailable"
    assert caught.value.exit_code == Exit.CANNOT_RUN


def test_the_library_of_the_package_is_used_and_none_of_the_system():
    program = """
import json, os, espeakng_loader
from voicebot.speech.pyttsx3_voice import Script, _set_up_child, _speak
out = os.dup(1)
_set_up_child(espeakng_loader.get_data_path())
_speak(Script("Yes."))
maps = open("/proc/self/maps").read().split()
os.write(out, json.dumps(sorted({word for word in maps if "espeak" in word})).encode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert [Path(path) for path in json.loads(done.stdout)] == [Path(espeakng_loader.get_library_path()).resolve()]
