from __future__ import annotations

import pytest

from voicebot.dialog.turn import EARLY_MS, MAX_ANSWER_MS, PROTECTED_MS, Turn, Verdict, on_time, on_utterance

PLAYING = Turn(opened_ms=1000, no_input_ms=5000)
WAITING = Turn(opened_ms=1000, no_input_ms=5000, prompt_ended_ms=4000)


@pytest.mark.parametrize(
    ("turn", "started_ms", "understood", "verdict"),
    [
        (PLAYING, 1000 + PROTECTED_MS, True, Verdict.TAKE_OVER_PROMPT),
        (PLAYING, 1000 + PROTECTED_MS - 1, True, Verdict.IGNORE),
        (PLAYING, 2000, False, Verdict.IGNORE),
        (WAITING, 2000, True, Verdict.TAKE_OVER_PROMPT),
        (WAITING, 2000, False, Verdict.IGNORE),
        (WAITING, 4000 - EARLY_MS, True, Verdict.TAKE),
        (WAITING, 4000, False, Verdict.TAKE),
    ],
)
def test_only_an_answer_the_grammar_knows_interrupts(turn, started_ms, understood, verdict):
    assert on_utterance(turn, started_ms, understood=understood) is verdict


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
