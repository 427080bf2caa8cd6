"""The ear for urgent words alone knows all of them, and what sounds like them and is none."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.dialog.inputs import OVERHEARD
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import PAUSE, Grammars
from voicebot.speech.urgent import URGENT, urgent_alone

BUNDLED = Grammars.load(assets.GRAMMARS)
ALONE = urgent_alone(BUNDLED)
SENTENCES = BUNDLED.get("yes_no").sentences


def urgent(words):
    meaning = ALONE.understand(URGENT, words)
    return meaning if meaning in OVERHEARD else None


def test_it_hears_every_urgent_sentence_of_the_grammars_and_no_other():
    for sentence in SENTENCES:
        assert urgent(sentence.text) is (sentence.meaning if sentence.meaning in OVERHEARD else None), sentence
    assert ALONE.words(URGENT) < BUNDLED.words("yes_no")


def test_beside_a_denial_or_unknown_speech_nothing_is_urgent():
    denials = [one.text for one in SENTENCES if one.meaning in {Meaning.NO, Meaning.MIXED} and PAUSE not in one.text]
    for words in ("an emergency", "suicidal", "having chest pain"):
        said = [f"{denial} {words}" for denial in (*denials, "[unk]")]
        assert [one for one in said if urgent(one)] == []


@pytest.mark.parametrize("words", ["um emergency", "oh my chest hurts", "well i'm suicidal"])
def test_a_sound_before_it_changes_nothing(words):
    assert urgent(words)


def test_it_is_made_once():
    assert urgent_alone(BUNDLED) is urgent_alone(BUNDLED)
