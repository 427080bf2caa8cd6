"""What callers may say must sound as different as it means: the bundled grammar, phone by phone."""

from itertools import combinations, product

import pytest

from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import PAUSE, Grammars, compound

pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")
lexicon = pytest.importorskip("acoustic.lexicon")
sentences = pytest.importorskip("acoustic.sentences")

BREATHS = [s for s in Grammars.load(assets.GRAMMARS).get("yes_no").sentences if PAUSE not in s.text]


@pytest.fixture(scope="module")
def sounds():
    """Each sentence of one breath with all its pronunciations."""
    known = lexicon.dictionary()
    return {sentence: lexicon.pronounce(compound(sentence.text), known) for sentence in BREATHS}


def test_what_means_two_things_never_sounds_the_same(sounds):
    alike = [
        (one.text, other.text)
        for one, other in combinations(sounds, 2)
        if one.meaning is not other.meaning and set(sounds[one]) & set(sounds[other])
    ]
    assert alike == []


def test_a_yes_and_a_no_differ_by_more_than_a_sound_or_are_confirmed(sounds):
    sure = {meaning: [s for s in sounds if s.meaning is meaning and s.surest == 1] for meaning in Meaning}
    near = [
        (yes.text, no.text)
        for yes, no in product(sure[Meaning.YES], sure[Meaning.NO])
        if min(sentences._distance(a, b) for a, b in product(sounds[yes], sounds[no])) < 2
    ]
    assert near == []
