"""What the line says comes back from telephones as an echo: nothing of it may be an answer to those who listen."""

import re

import pytest

from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.spoken import spoken_texts
from voicebot.speech.grammars import Grammars
from voicebot.speech.prompts import Prompts

GRAMMARS = Grammars.load(assets.GRAMMARS)
ASKED_AGAIN = {None, Meaning.MIXED}
CONTRACTED = (
    (r"\b(can)not\b", r"\1't"),
    (r"\b(\w+) not\b", r"\1n't"),
    (r"\b(i) am\b", r"\1'm"),
    (r"\b(\w+) is\b", r"\1's"),
)


def breaths(text):
    """What is said between two pauses."""
    return [words for breath in re.split(r"[.,?!;:]", text.lower()) if (words := " ".join(breath.split()))]


def contracted(words):
    """The same words as they are said in a hurry: "I did not" and "I didn't" sound alike to a recognizer."""
    for long, short in CONTRACTED:
        words = re.sub(long, short, words)
    return words


def answers_in(text):
    """Yield every breath, and every beginning of one, that would be taken for an answer."""
    for breath in breaths(text):
        for words in {breath, contracted(breath)}:
            said = words.split()
            heads = [" ".join(said[:count]) for count in range(1, len(said) + 1)]
            for name in GRAMMARS.names():
                yield from (head for head in heads if GRAMMARS.understand(name, head) not in ASKED_AGAIN)


def test_no_breath_of_any_prompt_is_or_begins_with_an_answer(ruleset):
    prompts = Prompts.load(assets.PROMPTS).extended_with(spoken_texts(ruleset))
    to_callers = [(prompt, text) for (prompt, _), text in prompts.wordings() if not prompt.startswith("whisper.")]
    assert {prompt: found for prompt, text in to_callers if (found := list(answers_in(text)))} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I did not hear you.", "i didn't hear you"),
        ("Call nine one one if you get worse.", "call nine one one"),
        ("Please say yes, no, or not sure.", "no"),
        ("Yes if one leg is colder.", "yes"),
    ],
)
def test_answers_in_a_prompt_are_found(text, expected):
    assert expected in list(answers_in(text))


@pytest.mark.parametrize("text", ["Is that right?", "I heard no. Is that right?", "Hang up and call nine one one."])
def test_words_in_the_middle_of_others_are_none(text):
    assert list(answers_in(text)) == []
