import numpy as np
import pytest

from voicebot.speech.confidence import Weights
from voicebot.speech.log_mel import HOP, WINDOW
from voicebot.speech.second_opinion import Opinion
from voicebot.speech.weigher import AFTER_MS, BEFORE_MS, FAINT_AT, FAINT_SUREST, LONGEST_MS, NOBODY, Weigher

MEANINGS = {"yes": "Y", "yeah": "Y", "no": "N"}
WEIGHTS = Weights(recognizer=0.5, second=1.0, floor=6.0)


class Says:
    """A second network that always says the same, and remembers what it was given."""

    def __init__(self, **opinion):
        self.opinion = Opinion(**{"yes": 0.001, "no": 0.001, "answer": 0.001, "other": 0.001, **opinion})
        self.heard = []

    def hear(self, samples):
        self.heard.append(len(samples))
        return self.opinion


def alternative(text, likelihood=0.0, start=0.5, end=0.9):
    words = [{"word": word, "start": start, "end": end} for word in text.split()]
    return {"text": text, "confidence": likelihood, "result": words}


def sound(started_ms, ended_ms):
    return np.zeros((min(ended_ms, 1000) - started_ms) * 8, np.int16)


def frames(ms):
    """Return how many frames of a spectrum so much sound has."""
    return 1 + (ms * 8 - WINDOW) // HOP


def weigh(alternatives, *networks):
    return Weigher(networks, WEIGHTS).weigh(alternatives, MEANINGS.get, sound)


def test_nothing_said_is_no_utterance():
    assert weigh([]) is None
    assert weigh([alternative("", 3.0)], Says(yes=0.99)) is None
    assert weigh([alternative("", 3.0), alternative("yes")], Says(other=0.99)) is None


def test_a_word_in_noise_that_the_recognizer_holds_for_silence_is_heard_by_the_second_network():
    heard = weigh([alternative("", 0.3), alternative("yes")], Says(yes=0.99))
    assert (heard.words, heard.started_ms) == ("yes", 500)


def test_the_best_words_of_the_likeliest_answer_are_told_with_their_times():
    heard = weigh([alternative("no", 1.0), alternative("yeah", 0.9, end=1.1), alternative("yes", 0.8)])
    assert (heard.words, heard.started_ms, heard.ended_ms) == ("yeah", 500, 1100)


def test_the_second_network_hears_a_little_more_than_the_words():
    network = Says(yes=0.99)
    weigh([alternative("yes")], network)
    assert network.heard == [frames(1000 - (500 - BEFORE_MS))]


def test_speech_the_second_network_turns_down_is_unknown():
    heard = weigh([alternative("yes", 8.0), alternative("[unk]")], Says(other=0.99))
    assert heard.words == "[unk]"


def test_what_is_no_speech_is_no_utterance():
    assert weigh([alternative("yes", 8.0)], Says(nothing=0.99)) is None


def test_speech_nobody_but_the_second_network_knew_is_a_plain_answer():
    heard = weigh([alternative("[unk]")], Says(no=0.99))
    assert (heard.words, heard.started_ms) == ("no", 500)


def test_a_second_network_is_not_asked_about_long_utterances():
    network = Says(no=0.99)
    heard = weigh([alternative("yes", end=0.6 + LONGEST_MS / 1000)], network)
    assert heard.words == "yes"
    assert not network.heard


def test_opinions_of_several_networks_are_averaged():
    unsure, sure = Says(yes=0.5, other=0.5), Says(yes=0.9, other=0.1)
    alone = weigh([alternative("yes")], unsure).confidence
    assert alone < weigh([alternative("yes")], unsure, sure).confidence < weigh([alternative("yes")], sure).confidence


@pytest.mark.parametrize("word", ["yes", "no"])
def test_an_answer_no_grammar_knows_is_never_made_up(word):
    heard = Weigher([Says(**{word: 0.99})], WEIGHTS).weigh([alternative("left")], {"left": "L"}.get, sound)
    assert heard.words in {"left", "[unk]"}


@pytest.mark.parametrize(("words", "phrases"), [("yes", set()), ("yeah", {"Y"}), ("[unk]", set())])
def test_a_yes_in_other_words_is_told_apart(words, phrases):
    evidence = Weigher([Says(yes=0.9)], WEIGHTS).evidence([alternative(words)], MEANINGS.get, sound)
    assert evidence.phrases == phrases


def faint(network, meanings=MEANINGS):
    return Weigher([network] if network else [], WEIGHTS).faint(meanings.get, sound, 400, 600)


def test_a_word_without_words_is_what_the_networks_hear_in_it_and_never_beyond_doubt():
    network = Says(no=0.97)
    heard = faint(network)
    assert (heard.words, heard.started_ms, heard.ended_ms) == ("no", 400, 600)
    assert heard.confidence == FAINT_SUREST
    assert network.heard == [frames(BEFORE_MS + 200 + AFTER_MS)]


@pytest.mark.parametrize(
    "opinion",
    [{"yes": FAINT_AT - 0.01, "other": 0.3}, {"yes": 0.6, "nothing": NOBODY + 0.01}, {"other": 0.9}, {"answer": 0.9}],
)
def test_sound_in_which_the_networks_hear_no_yes_or_no_is_nothing(opinion):
    assert faint(Says(**opinion)) is None


def test_without_a_second_network_or_an_answer_to_give_nothing_is_made_of_sound():
    assert faint(None) is None
    assert faint(Says(yes=0.97), {"no": "N"}) is None
