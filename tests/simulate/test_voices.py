"""Voices: one person a call, chosen by the seed; what nobody recorded is synthetic and said to be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.errors import VoicebotError
from voicebot.simulate.voices import SYNTHETIC, Voices

AUDIO = Path(__file__).parent.parent / "audio"


@pytest.fixture(scope="module")
def voices():
    return Voices(AUDIO)


def test_the_seed_chooses_a_person_who_recorded_yes_and_no(voices):
    cast = [voices.cast(None, ["yes", "no"], seed) for seed in range(20)]
    assert {voice.speaker for voice in cast} <= set(voices.speakers)
    assert len({voice.speaker for voice in cast}) > 3
    assert voices.cast(None, ["yes", "no"], 3) == cast[3]
    assert not any(voice.synthetic for voice in cast)


def test_what_nobody_recorded_is_synthetic(voices):
    voice = voices.cast(None, ["yes", "operator"], 0)
    assert voice.synthetic == ("operator",)
    assert len(voice.sounds["operator"]) > 2000


def test_a_synthetic_caller_is_no_substitute_for_anybody(voices):
    voice = voices.cast(SYNTHETIC, ["operator"], 0)
    assert (voice.speaker, voice.synthetic) == (SYNTHETIC, ())


def test_loudness_is_that_of_the_speech(voices):
    assert -40 < voices.cast(None, ["yes", "no"], 0).level_dbfs < -5


def test_an_unknown_speaker_is_told(voices):
    with pytest.raises(VoicebotError, match="Nobody recorded is called nobody"):
        voices.cast("nobody", ["yes"], 0)


def test_a_folder_without_a_manifest_is_told(tmp_path):
    with pytest.raises(VoicebotError, match=r"manifest\.tsv"):
        Voices(tmp_path)
