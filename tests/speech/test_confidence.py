import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot import assets
from voicebot.errors import VoicebotError
from voicebot.speech.confidence import FILE, Evidence, Weights, load_weights, recognized, weigh
from voicebot.speech.second_opinion import Opinion

BOTH = Weights(recognizer=0.5, second=1.0, floor=6.0)
SURE_OTHER = Opinion(yes=0.001, no=0.001, answer=0.001, other=0.997)
SURE_NO = Opinion(yes=0.001, no=0.97, answer=0.001, other=0.028)
MEANINGS = {"yes": "Y", "yeah": "Y", "no": "N", "i don't know": "?"}


def alternative(text, likelihood):
    return {"text": text, "confidence": likelihood}


def evidence(opinion=None, **shares):
    told = {None if name == "none" else name: math.log(share) for name, share in shares.items()}
    return Evidence(told, "Y", "N", opinion)


def test_synonyms_do_not_split_the_confidence():
    heard = [alternative("no", 10.0), alternative("yes", 9.9), alternative("yeah", 9.9)]
    assert math.exp(recognized(heard, MEANINGS.get)["Y"]) == pytest.approx(0.644, abs=0.001)


def test_a_recognizer_alone_is_taken_at_its_word():
    probabilities = weigh(evidence(Y=0.7, none=0.3), Weights())
    assert probabilities["Y"] == pytest.approx(0.7)


def test_a_second_opinion_can_turn_down_an_answer():
    assert weigh(evidence(Y=0.99, none=0.01), BOTH)["Y"] > 0.9
    assert weigh(evidence(SURE_OTHER, Y=0.99, none=0.01), BOTH)["Y"] < 0.1


def test_a_second_opinion_can_find_an_answer_the_recognizer_missed():
    probabilities = weigh(evidence(SURE_NO, none=1.0), BOTH)
    assert max(probabilities, key=probabilities.get) == "N"
    assert probabilities["N"] < 0.9


def test_an_answer_the_second_network_has_no_name_for_keeps_its_place():
    opinion = Opinion(yes=0.01, no=0.01, answer=0.9, other=0.08)
    probabilities = weigh(evidence(opinion, N=0.5, **{"?": 0.5}), BOTH)
    assert probabilities["?"] > 0.9


def test_what_people_never_recorded_is_not_turned_down_by_the_second_network():
    alone = weigh(evidence(**{"?": 0.8, "none": 0.2}), BOTH)["?"]
    assert weigh(evidence(SURE_OTHER, **{"?": 0.8, "none": 0.2}), BOTH)["?"] == pytest.approx(alone, abs=0.01)


def test_a_word_the_second_network_knows_well_is_no_other_answer():
    sure_word = Opinion(yes=0.001, no=0.001, answer=0.001, other=0.001, word=0.996)
    heard = evidence(sure_word, **{"?": 0.8, "none": 0.2})
    assert weigh(heard, replace(BOTH, words=0.05))["?"] < 0.4 < weigh(heard, replace(BOTH, words=1.0))["?"]


def test_a_yes_in_other_words_is_turned_down_less_than_a_plain_one():
    plain = evidence(SURE_OTHER, Y=0.99, none=0.01)
    other_words = replace(plain, phrases=frozenset({"Y"}))
    assert weigh(plain, BOTH)["Y"] < 0.1 < weigh(other_words, BOTH)["Y"]


@given(
    st.dictionaries(st.sampled_from(["Y", "N", "?", None]), st.floats(-40, 0), min_size=1),
    st.tuples(*[st.floats(0.0, 1.0)] * 4),
)
def test_probabilities_add_up_whatever_was_heard(told, opinions):
    probabilities = weigh(Evidence(told, "Y", "N", Opinion(*opinions)), BOTH)
    assert sum(probabilities.values()) == pytest.approx(1.0)
    assert set(probabilities) == {*told, "Y", "N", None}


def test_a_model_without_weights_is_heard_with_one_opinion(tmp_path):
    assert load_weights(tmp_path) == Weights()


def test_the_bundled_model_weighs_two_opinions():
    assert load_weights(assets.MODEL).second > 0


@pytest.mark.parametrize("text", ["{", "[]", '{"recognizer": "much"}', '{"loudness": 1}'])
def test_broken_weights_are_told(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(VoicebotError) as caught:
        load_weights(tmp_path)
    assert caught.value.code == "model_broken"


def test_weights_are_read_as_they_were_written(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"recognizer": 2, "second": 1.5, "floor": 3, "expected": -0.5}))
    assert load_weights(tmp_path) == Weights(2.0, 1.5, 3.0, -0.5)
