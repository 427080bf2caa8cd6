import pytest

from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammar_file import Sentence
from voicebot.speech.grammars import Grammar, Grammars
from voicebot.speech.growth import may_grow

BUNDLED = Grammars.load(assets.GRAMMARS).get("yes_no")


@pytest.mark.parametrize("words", ["i don't", "i do", "no i don't", "it does", "what", "um i don't"])
def test_the_beginning_of_another_answer_may_grow(words):
    assert may_grow(BUNDLED, words)


@pytest.mark.parametrize(
    "words", ["yes", "no", "yeah", "nope", "maybe", "i don't know", "operator", "help", "a little"]
)
def test_a_complete_answer_may_not(words):
    assert BUNDLED.understand(words)
    assert not may_grow(BUNDLED, words)


def grammar(*sentences):
    return Grammar(tuple(Sentence(text, meaning, 1, weight) for text, meaning, weight in sentences), frozenset({"um"}))


def test_only_another_meaning_counts():
    same = grammar(("a little", Meaning.YES, 1), ("a little bit", Meaning.YES, 1))
    assert not may_grow(same, "a little")
    other = grammar(("a little", Meaning.YES, 1), ("a little bit", Meaning.UNSURE, 1))
    assert may_grow(other, "a little")


def test_what_is_far_less_likely_is_not_waited_for():
    assert not may_grow(grammar(("no", Meaning.NO, 100), ("no idea", Meaning.UNSURE, 1)), "no")
    assert may_grow(grammar(("no", Meaning.NO, 1), ("no idea", Meaning.UNSURE, 1)), "no")


def test_a_pause_ends_a_breath():
    assert not may_grow(grammar(("no", Meaning.NO, 1), ("no, i don't know", Meaning.UNSURE, 1)), "no")


def test_the_last_words_count_whatever_came_before():
    rules = grammar(("no", Meaning.NO, 9), ("i don't", Meaning.NO, 1), ("i don't know", Meaning.UNSURE, 1))
    assert may_grow(rules, "no i don't")
    assert may_grow(rules, "um i don't")
    assert not may_grow(rules, "i don't know")
    assert not may_grow(rules, "")
