"""Every sentence of the bundled grammar, alone and beside others: what it means, and that nothing is ever guessed."""

import itertools

import pytest

from voicebot import assets
from voicebot.dialog.answers import Action, judge
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammar_file import words_of
from voicebot.speech.grammars import PAUSE, UNKNOWN, Grammars

BUNDLED = Grammars.load(assets.GRAMMARS)
GRAMMAR = BUNDLED.get("yes_no")
SENTENCES = GRAMMAR.sentences
ANSWERS = {Meaning.YES, Meaning.NO}
TEXTS = {words_of(sentence.text) for sentence in SENTENCES}
URGENT = {Meaning.OPERATOR, Meaning.EMERGENCY, Meaning.SUICIDE}

SAID = {
    Meaning.YES: """
        yes | yeah | yep | yah | yes ma'am | yes sir | uh huh | mm hmm | correct | that's right | i do
        | it does | a little | sometimes | yes i do | yeah it does | yep a little bit | you bet | oh yeah | oh yes
        | it sure does | sure do
        | she does | yes he has | kind of | off and on | pretty much | very much so
        | i will | i'll call | i'll do that | yes i will
        | all of them | well yeah | um yes | yes go ahead | sure go ahead""",
    Meaning.NO: """
        no | nope | nah | not really | i don't think so | no not at all | never | no sir i don't | oh no | oh heavens no
        | no ma'am | no thank you | not that i know of | not that i can think of | no never | it doesn't | no it hasn't
        | i won't | i will not | i won't call | no i won't
        | he doesn't | no she's not | nothing like that | not yet | no sorry | well no not really | no go ahead""",
    Meaning.UNSURE: """
        i don't know | not sure | maybe | i guess | i guess so | i suppose so | no i don't know | no i'm not sure
        | maybe not | probably not | not that i remember | i doubt it | hard to say | i'm not sure i guess
        | not sure go ahead""",
    Meaning.REPEAT: """
        repeat | say that again | what was that | pardon me | i didn't hear you | could you repeat that | hold on
        | go ahead""",
    Meaning.OPERATOR: """
        operator | operator please | talk to a person | i want to talk to a real person | front desk | speak to a nurse
        | yes operator | no can i talk to somebody""",
    Meaning.EMERGENCY: """
        emergency | call nine one one | i think i'm having a stroke | i'm having a heart attack | i can't breathe
        | my face is drooping | send an ambulance | my husband is having a stroke | she can't breathe""",
    Meaning.CALLING: "i'll call nine one one | i will call nine one one | yes i'll call nine one one",
    Meaning.SUICIDE: """
        i want to die | kill myself | i'm going to kill myself | suicide | i've been thinking about killing myself
        | i don't want to live anymore | yes i want to die""",
    Meaning.BACK: "go back | that's wrong | i made a mistake | change my answer",
    Meaning.HELP: "help | what does that mean | i don't understand",
    Meaning.SLOWER: "slower | slow down | could you slow down | that's too fast | um slower please",
    Meaning.LEFT: "how many questions are left | how many more | how much longer | how long does this take",
    Meaning.SPANISH: "spanish | spanish please | en espanol | i speak spanish",
    Meaning.INTERPRETER: "interpreter | i need an interpreter | can i have a translator | i speak another language",
    Meaning.RELAY: "relay call | this is a relay call | this is a relay operator | t t y",
    # Both at once; less than before, or seldom; a "no" that says the sign is there; half of the opposite.
    Meaning.MIXED: """
        yes and no | yeah no | no yeah | no wait yes | yes but no | yes i mean no | no actually yes | wait no
        | not anymore | not now | no not right now | not so much | hardly ever | i used to | not all the time
        | no i can't | i can't | yes i can | i can't feel it | it doesn't move | no it won't move | no feeling | nothing
        | numb | it's numb | nuh uh | incorrect | that's not right | something like that | one of those | none of those
        | i don't want to die | my leg hurts | i have leg pain | he's having back pain | yes maybe | no i guess
        | no emergency""",
}
NOTHING = "right | okay | yup | none | know | huh | uh | oh | uh uh | mm | um | banana | not | all | the"


def phrases_in(text):
    return [" ".join(phrase.split()) for phrase in text.split("|")]


def understand(words):
    return BUNDLED.understand("yes_no", words)


def sentences_that_mean(meaning):
    return [sentence for sentence in SENTENCES if sentence.meaning is meaning]


def heads(sentence):
    """Every beginning of a sentence, the whole of it last."""
    words = words_of(sentence.text).split()
    return [" ".join(words[:length]) for length in range(1, len(words) + 1)]


@pytest.mark.parametrize(
    ("words", "meaning"), [(words, meaning) for meaning, text in SAID.items() for words in phrases_in(text)]
)
def test_what_callers_say(words, meaning):
    assert understand(words) is meaning


@pytest.mark.parametrize("words", ["", *phrases_in(NOTHING)])
def test_what_means_nothing(words):
    assert understand(words) is None


def test_every_meaning_can_be_said_but_the_one_only_the_web_form_offers():
    assert {sentence.meaning for sentence in SENTENCES} == set(SAID) == set(Meaning) - {Meaning.DECLINED}


def test_every_sentence_means_one_thing_and_what_its_file_says():
    meanings = {}
    for sentence in SENTENCES:
        meanings.setdefault(words_of(sentence.text), set()).add(sentence.meaning)
        assert understand(sentence.text) is sentence.meaning, sentence
    assert [words for words, meant in meanings.items() if len(meant) > 1] == []


def test_a_sound_before_after_or_in_a_pause_changes_nothing():
    for skip in sorted(GRAMMAR.skip_words):
        for sentence in SENTENCES:
            breaths = sentence.text.split(PAUSE)
            for words in (f"{skip} {sentence.text}", f"{sentence.text} {skip}", f" {skip} ".join(breaths)):
                assert understand(words) is sentence.meaning, words


def test_unknown_speech_beside_any_sentence_leaves_no_meaning():
    for sentence in SENTENCES:
        breaths = sentence.text.split(PAUSE)
        said = [f"{UNKNOWN} {sentence.text}", f"{sentence.text} {UNKNOWN}"]
        said += [f" {UNKNOWN} ".join(breaths)] if len(breaths) > 1 else []
        assert [words for words in said if understand(words) is not None] == []


@pytest.mark.parametrize(("first", "second"), [(Meaning.YES, Meaning.NO), (Meaning.NO, Meaning.YES)])
def test_every_yes_beside_every_no_is_asked_again(first, second):
    for before in sentences_that_mean(first):
        for after in sentences_that_mean(second):
            words = f"{before.text} {after.text}"
            assert understand(words) not in ANSWERS, words


@pytest.mark.parametrize(("first", "second"), [(Meaning.YES, Meaning.NO), (Meaning.NO, Meaning.YES)])
def test_an_answer_and_the_beginning_of_its_opposite_are_no_answer(first, second):
    """But where the beginning is an answer of the same kind ("it is" of "it is not"), or the two are one sentence."""
    beginnings = {head for sentence in sentences_that_mean(second) for head in heads(sentence)} - GRAMMAR.skip_words
    for before in sentences_that_mean(first):
        for head in beginnings:
            words = f"{words_of(before.text)} {head}"
            if understand(words) in ANSWERS and understand(head) is not first:
                assert is_end_of_a_sentence(words, longer_than=head), words


def is_end_of_a_sentence(words, longer_than):
    return any(words.endswith(sentence) and len(sentence) > len(longer_than) for sentence in TEXTS)


def test_doubt_beside_a_no_is_never_a_no():
    doubts = [s for s in SENTENCES if s.meaning in {Meaning.UNSURE, Meaning.MIXED} and PAUSE not in s.text]
    for no in (sentence for sentence in sentences_that_mean(Meaning.NO) if PAUSE not in sentence.text):
        for doubt in doubts:
            assert understand(f"{no.text} {doubt.text}") is not Meaning.NO, (no, doubt)
            assert understand(f"{doubt.text} {no.text}") is not Meaning.NO, (doubt, no)


@pytest.mark.parametrize("words", ["uh huh", "mm hmm", "yah", "nah", "um nah", "uh huh yah"])
def test_what_sounds_like_its_opposite_is_confirmed_at_best(words):
    assert judge(understand(words), GRAMMAR.surest(words)) is Action.CONFIRM


@pytest.mark.parametrize("words", ["yes", "no", "uh huh yes", "nah not really", "yah that's right", "[unk]", ""])
def test_beside_clearer_words_it_is_as_clear_as_they_are(words):
    assert GRAMMAR.surest(words) == 1.0


def test_an_urgent_word_is_never_lost_beside_a_yes():
    urgent = [sentence for sentence in SENTENCES if sentence.meaning in URGENT]
    for sentence, yes in zip(urgent, itertools.cycle(sentences_that_mean(Meaning.YES)), strict=False):
        assert understand(f"{yes.text} {sentence.text}") is sentence.meaning, (yes, sentence)
