"""Doubt is resolved in favor of the caller: asked again, or confirmed, or straight to a person; never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialog.answers import ACCEPT_AT, ALWAYS_TAKEN, CONFIRM_AT, TAKE_AT, Action, judge
from voicebot.dialog.meaning import Meaning

CONFIDENCES = st.floats(0, 1)
ANSWERS = sorted(set(Meaning) - {Meaning.MIXED})
RANK = (Action.ASK_AGAIN, Action.CONFIRM, Action.ACCEPT)


def test_the_thresholds_leave_room_for_doubt():
    assert 0 < CONFIRM_AT < ACCEPT_AT < 1


@pytest.mark.parametrize("meaning", sorted(set(ANSWERS) - ALWAYS_TAKEN))
@pytest.mark.parametrize(
    ("confidence", "action"),
    [
        (0.0, Action.ASK_AGAIN),
        (CONFIRM_AT - 0.001, Action.ASK_AGAIN),
        (CONFIRM_AT, Action.CONFIRM),
        (ACCEPT_AT - 0.001, Action.CONFIRM),
        (ACCEPT_AT, Action.ACCEPT),
        (1.0, Action.ACCEPT),
    ],
)
def test_an_answer_is_taken_confirmed_or_asked_again(meaning, confidence, action):
    assert judge(meaning, confidence) is action


@given(confidence=CONFIDENCES, over_prompt=st.booleans())
def test_what_means_nothing_or_two_things_is_always_asked_again(confidence, over_prompt):
    for meaning in (None, Meaning.MIXED):
        assert judge(meaning, confidence, over_prompt=over_prompt) is Action.ASK_AGAIN


@pytest.mark.parametrize("meaning", [Meaning.OPERATOR, Meaning.SPANISH, Meaning.INTERPRETER, Meaning.SUICIDE])
def test_a_wish_for_a_person_and_talk_of_suicide_are_taken_at_once_or_asked_again_and_never_read_back(meaning):
    assert judge(meaning, TAKE_AT) is Action.ACCEPT
    assert judge(meaning, TAKE_AT, over_prompt=True) is Action.ACCEPT
    assert judge(meaning, TAKE_AT - 0.001) is Action.ASK_AGAIN


def test_a_doubtful_emergency_is_confirmed_as_its_advice_ends_the_call():
    assert judge(Meaning.EMERGENCY, CONFIRM_AT) is Action.CONFIRM


@given(meaning=st.sampled_from(sorted(set(ANSWERS) - ALWAYS_TAKEN)), confidence=CONFIDENCES)
def test_an_answer_over_a_red_flag_question_is_never_simply_taken(meaning, confidence):
    assert judge(meaning, confidence, over_prompt=True) is not Action.ACCEPT


@given(meaning=st.sampled_from(ANSWERS), first=CONFIDENCES, second=CONFIDENCES, over_prompt=st.booleans())
def test_who_is_surer_is_never_doubted_more(meaning, first, second, over_prompt):
    less, more = (
        RANK.index(judge(meaning, confidence, over_prompt=over_prompt)) for confidence in sorted((first, second))
    )
    assert less <= more
