import random
from collections import Counter

import pytest

pytest.importorskip("pocketsphinx", reason="pronunciations come with pocketsphinx, in the acoustic extra")

from acoustic.lexicon import common_words, dictionary
from acoustic.sentences import CORE, texts

PHRASES = ("i don't know", "not really")


@pytest.fixture(scope="module")
def listed():
    known = dictionary()
    return texts(PHRASES, known, common_words(known, 3000))


@pytest.mark.parametrize("word", ["know", "yes", "no", "knows"])
def test_what_sounds_like_an_answer_is_none_of_the_other_words(listed, word):
    assert (word in listed.words) is (word == "knows")


@pytest.mark.parametrize("word", ["now", "go", "show", "less", "best", "note"])
def test_words_a_phone_or_two_away_are_near(listed, word):
    assert word in listed.near


def test_long_words_are_not_near(listed):
    assert "tomorrow" in listed.words
    assert "tomorrow" not in listed.near


def test_the_same_seed_says_the_same(listed):
    first, second = ([listed.draw(random.Random(seed)) for seed in range(50)] for _ in range(2))
    assert first == second


def test_every_kind_is_said(listed):
    rng = random.Random(1)
    drawn = Counter(listed.draw(rng) for _ in range(2000))
    assert set(drawn) >= {*CORE, *PHRASES}
    assert sum(drawn[text] for text in set(CORE)) == pytest.approx(0.14 * 2000, rel=0.3)
