from __future__ import annotations

from dataclasses import replace

import pytest

from voicebot.dialog.answers import ACCEPT_AT, CONFIRM_AT
from voicebot.dialog.meaning import URGENT, Meaning
from voicebot.dialog.turn import (
    EARLY_MS,
    LONG_QUIET_MS,
    MAX_ANSWER_MS,
    PROTECTED_MS,
    QUIET_MS,
    REOPEN_MS,
    REPEAT_MS,
    SPEAKING_MS,
    Turn,
    Verdict,
    contradicts,
    is_over,
    is_second_thought,
    may_be_taken_back,
    may_conclude,
    on_time,
    on_utterance,
    patience_ms,
)

PLAYING = Turn(opened_ms=1000, no_input_ms=5000)
WAITING = Turn(opened_ms=1000, no_input_ms=5000, prompt_ended_ms=4000)
JUST_ANSWERED = replace(PLAYING, answered_ms=990, answered=Meaning.YES)
ACTED_ON = [meaning for meaning in URGENT if meaning is not Meaning.CALLING]


def test_an_ordinary_clear_answer_needs_little_patience():
    assert patience_ms(Meaning.YES, 1.0, may_grow=False, red_flag=False) == QUIET_MS <= 300


@pytest.mark.parametrize(
    ("meaning", "confidence", "may_grow", "red_flag"),
    [
        (Meaning.YES, 1.0, False, True),
        (Meaning.YES, 1.0, True, False),
        (Meaning.NO, (ACCEPT_AT + CONFIRM_AT) / 2, False, False),
        (Meaning.NO, 0.1, False, False),
        (Meaning.MIXED, 1.0, False, False),
        (None, 1.0, False, False),
    ],
)
def test_red_flags_and_whatever_is_not_clear_need_more(meaning, confidence, may_grow, red_flag):
    assert patience_ms(meaning, confidence, may_grow=may_grow, red_flag=red_flag) == LONG_QUIET_MS >= 600


@pytest.mark.parametrize("meaning", [meaning for meaning in Meaning if meaning is not Meaning.MIXED])
def test_complete_words_are_concluded_after_their_patience_and_not_before(meaning):
    for may_grow, red_flag, needed_ms in (
        (False, False, QUIET_MS),
        (True, False, LONG_QUIET_MS),
        (False, True, LONG_QUIET_MS),
    ):
        assert may_conclude(meaning, needed_ms, may_grow=may_grow, red_flag=red_flag)
        assert not may_conclude(meaning, needed_ms - 1, may_grow=may_grow, red_flag=red_flag)


@pytest.mark.parametrize("meaning", [None, Meaning.MIXED])
def test_words_that_are_no_answer_are_left_to_the_ears_to_end(meaning):
    assert not may_conclude(meaning, 10_000, may_grow=False, red_flag=False)


def test_an_answer_is_over_after_its_patience_and_waits_a_little_for_who_still_speaks():
    assert is_over(LONG_QUIET_MS, LONG_QUIET_MS, LONG_QUIET_MS)
    assert not is_over(LONG_QUIET_MS - 1, LONG_QUIET_MS, LONG_QUIET_MS)
    assert not is_over(LONG_QUIET_MS + SPEAKING_MS - 1, 0, LONG_QUIET_MS)
    assert is_over(LONG_QUIET_MS + SPEAKING_MS, 0, LONG_QUIET_MS)
    assert is_over(QUIET_MS, 0, QUIET_MS)


@pytest.mark.parametrize(
    ("turn", "started_ms", "meaning", "verdict"),
    [
        (PLAYING, 1000 + PROTECTED_MS, Meaning.YES, Verdict.TAKE_OVER_PROMPT),
        (PLAYING, 1000 + PROTECTED_MS - 1, Meaning.YES, Verdict.IGNORE),
        (PLAYING, 2000, None, Verdict.IGNORE),
        (WAITING, 2000, Meaning.YES, Verdict.TAKE_OVER_PROMPT),
        (WAITING, 2000, None, Verdict.IGNORE),
        (WAITING, 4000 - EARLY_MS, Meaning.YES, Verdict.TAKE),
        (WAITING, 4000, None, Verdict.TAKE),
        (JUST_ANSWERED, 990 + REPEAT_MS - 1, Meaning.YES, Verdict.UNCLEAR),
        (JUST_ANSWERED, 990 + REPEAT_MS, Meaning.YES, Verdict.TAKE_OVER_PROMPT),
        (JUST_ANSWERED, 990 + REOPEN_MS - 1, Meaning.NO, Verdict.UNCLEAR),
        (JUST_ANSWERED, 990 + REOPEN_MS, Meaning.NO, Verdict.TAKE_OVER_PROMPT),
    ],
)
def test_only_an_answer_the_grammar_knows_interrupts(turn, started_ms, meaning, verdict):
    assert on_utterance(turn, started_ms, meaning) is verdict


@pytest.mark.parametrize("prompt_ended_ms", [None, 1600, 4000])
@pytest.mark.parametrize("meaning", [Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.OPERATOR])
@pytest.mark.parametrize("started_ms", range(900, 3000, 50))
def test_what_is_said_after_an_answer_is_never_about_two_questions(started_ms, meaning, prompt_ended_ms):
    turn = replace(JUST_ANSWERED, prompt_ended_ms=prompt_ended_ms)
    acted_on = contradicts(Meaning.YES, meaning, 1.0)
    about_the_last = acted_on and is_second_thought(turn, 990, started_ms)
    about_the_next = on_utterance(turn, started_ms, meaning) in {Verdict.TAKE, Verdict.TAKE_OVER_PROMPT}
    assert not (about_the_last and about_the_next)
    heard_out = prompt_ended_ms is not None and started_ms >= prompt_ended_ms - EARLY_MS
    assert about_the_next or about_the_last or started_ms < 1000 + PROTECTED_MS or not acted_on
    assert about_the_next or not heard_out
    assert about_the_next or started_ms < 990 + REOPEN_MS


def test_while_the_line_says_what_may_not_be_interrupted_an_answer_can_be_taken_back():
    assert is_second_thought(None, 990, 990 + REOPEN_MS - 1)
    assert not is_second_thought(None, 990, 990 + REOPEN_MS)


@pytest.mark.parametrize("first", [meaning for meaning in Meaning if may_be_taken_back(meaning)])
def test_the_same_again_changes_nothing(first):
    assert not contradicts(first, first, 1.0)


@pytest.mark.parametrize(("first", "second"), [(Meaning.YES, Meaning.NO), (Meaning.NO, Meaning.YES)])
def test_the_contrary_takes_back_when_it_is_beyond_doubt(first, second):
    assert contradicts(first, second, ACCEPT_AT)
    assert not contradicts(first, second, ACCEPT_AT - 0.01)


def test_that_they_will_call_nine_one_one_agrees_with_a_yes_and_with_nothing_else():
    assert not contradicts(Meaning.YES, Meaning.CALLING, 1.0)
    assert contradicts(Meaning.NO, Meaning.CALLING, 1.0)


@pytest.mark.parametrize(
    "second", [Meaning.UNSURE, Meaning.BACK, Meaning.MIXED, Meaning.REPEAT, Meaning.HELP, *ACTED_ON]
)
def test_whatever_else_is_said_is_acted_on(second):
    assert contradicts(Meaning.YES, second, 1.0)


def test_what_weighs_more_is_acted_on_and_what_weighs_less_is_not():
    assert contradicts(Meaning.OPERATOR, Meaning.EMERGENCY, 1.0)
    assert contradicts(Meaning.EMERGENCY, Meaning.SUICIDE, 1.0)
    assert not contradicts(Meaning.EMERGENCY, Meaning.OPERATOR, 1.0)


def test_a_wish_for_help_is_taken_back_by_a_no_alone():
    for wish in (Meaning.OPERATOR, Meaning.EMERGENCY):
        assert contradicts(wish, Meaning.NO, 1.0)
        assert not contradicts(wish, Meaning.YES, 1.0)
        assert not contradicts(wish, Meaning.UNSURE, 1.0)


def test_talk_of_suicide_cannot_be_taken_back():
    assert not may_be_taken_back(Meaning.SUICIDE)


def test_time_does_not_run_while_the_prompt_plays():
    assert on_time(PLAYING, 60_000) is None


def test_silence_after_the_prompt_is_no_input():
    assert on_time(WAITING, 8999) is None
    assert on_time(WAITING, 9000) is Verdict.NO_INPUT


def test_any_sign_of_speech_restarts_the_wait():
    speaking = Turn(1000, 5000, prompt_ended_ms=4000, last_sign_ms=8500)
    assert on_time(speaking, 9000) is None
    assert on_time(speaking, 13_500) is Verdict.NO_INPUT


def test_an_answer_that_does_not_end_is_cut():
    talking = Turn(1000, 5000, prompt_ended_ms=4000, last_sign_ms=13_900)
    assert on_time(talking, 4000 + MAX_ANSWER_MS) is Verdict.TOO_LONG
