from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.speech.grammars import Grammars, check_vocabulary

BUNDLED = Grammars.load(assets.GRAMMARS)
SENTENCES = BUNDLED.get("yes_no").sentences


def understand(words):
    return BUNDLED.understand("yes_no", words)


def test_every_sentence_of_every_grammar_means_what_its_file_says():
    for name in BUNDLED.names():
        for sentence in BUNDLED.get(name).sentences:
            assert BUNDLED.understand(name, sentence.text) is sentence.meaning, sentence


def test_every_meaning_can_be_said_but_the_one_only_the_web_form_offers():
    assert {sentence.meaning for sentence in SENTENCES} == set(Meaning) - {Meaning.DECLINED}


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("yes", Meaning.YES),
        ("Yes, ma'am.", Meaning.YES),
        ("uh huh", Meaning.YES),
        ("sometimes", Meaning.YES),
        ("nope", Meaning.NO),
        ("not really", Meaning.NO),
        ("no I don't think so", Meaning.NO),
        ("i don't know", Meaning.UNSURE),
        ("no i don't know", Meaning.UNSURE),
        ("say that again", Meaning.REPEAT),
        ("talk to a person", Meaning.OPERATOR),
        ("front desk", Meaning.OPERATOR),
        ("call nine one one", Meaning.EMERGENCY),
        ("i think i'm having a stroke", Meaning.EMERGENCY),
        ("i want to die", Meaning.SUICIDE),
        ("go back", Meaning.BACK),
        ("help me", Meaning.HELP),
        ("yes and no", Meaning.MIXED),
        ("no wait yes", Meaning.MIXED),
        ("yeah no", Meaning.MIXED),
    ],
)
def test_common_wordings(words, meaning):
    assert understand(words) is meaning


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("yes yes yes", Meaning.YES),
        ("yeah that's right", Meaning.YES),
        ("um no well not really", Meaning.NO),
        ("yes maybe", Meaning.MIXED),
        ("sometimes not really", Meaning.MIXED),
        ("yes operator", Meaning.OPERATOR),
        ("no talk to a person", Meaning.OPERATOR),
        ("operator emergency", Meaning.EMERGENCY),
        ("no emergency", Meaning.MIXED),
        ("emergency i want to die", Meaning.SUICIDE),
    ],
)
def test_several_answers_in_one_breath(words, meaning):
    assert understand(words) is meaning


@pytest.mark.parametrize("words", ["", "um", "[unk]", "[unk] yes", "yes [unk]", "yes banana", "know", "right"])
def test_no_match(words):
    assert understand(words) is None


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3))
def test_yes_and_no_together_are_never_an_answer(sentences):
    meanings = {sentence.meaning for sentence in sentences}
    heard = understand(" ".join(sentence.text for sentence in sentences))
    if {Meaning.YES, Meaning.NO} <= meanings:
        assert heard not in {Meaning.YES, Meaning.NO}
    if Meaning.OPERATOR in meanings:
        assert heard in {Meaning.OPERATOR, Meaning.EMERGENCY, Meaning.SUICIDE, Meaning.MIXED}


def test_phrases_are_what_is_said_in_one_breath(grammar_folder):
    folder = grammar_folder(
        """
        intents:
          "yes":
            data:
              - sentences: ["yes"]
                metadata: {weight: 10}
              - sentences: ["yes[, (i do|sir)]"]
        skip_words: ["um"]
        """
    )
    assert Counter(Grammars.load(folder).phrases("g")) == {"um": 2, "yes": 10, "i do": 1, "sir": 1, "[unk]": 10}
    assert Grammars.load(folder).words("g") == {"um", "yes", "i", "do", "sir"}


def test_unknown_grammar_is_named():
    with pytest.raises(VoicebotError, match=r"no grammar 'spanish'.*yes_no") as caught:
        BUNDLED.get("spanish")
    assert caught.value.code == "unknown_grammar"


def test_an_empty_folder_is_no_grammar(tmp_path):
    with pytest.raises(VoicebotError, match="no grammar in"):
        Grammars.load(tmp_path)


class Vocabulary(set):
    """A model that knows these words."""

    has_word = set.__contains__


def test_a_word_the_model_lacks_stops_start_up_by_name(grammar_folder):
    folder = grammar_folder('intents: {"no": {data: [{sentences: ["not at all", "nope"]}]}}')
    check_vocabulary(Grammars.load(folder), Vocabulary({"not_at_all", "nope"}))
    check_vocabulary(Grammars.load(folder), Vocabulary({"not", "at", "all", "nope"}))
    with pytest.raises(VoicebotError, match=r"'at' of the grammar 'g'") as caught:
        check_vocabulary(Grammars.load(folder), Vocabulary({"not", "all", "nope"}))
    assert (caught.value.code, caught.value.exit_code) == ("word_not_in_model", 3)
