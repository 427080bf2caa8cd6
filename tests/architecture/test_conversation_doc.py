"""docs/conversation.md tells the keys and times the line really has."""

import re
from pathlib import Path

from voicebot import assets
from voicebot.dialog.asking import FIRST_NO_INPUT_MS, NEXT_NO_INPUT_MS
from voicebot.dialog.digits import PAUSE_MS
from voicebot.dialog.manner import UNHURRIED_NO_INPUT_MS
from voicebot.dialog.meaning import KEYS
from voicebot.dialog.turn import (
    LONG_QUIET_MS,
    MAX_ANSWER_MS,
    PROTECTED_MS,
    QUIET_MS,
    UNHURRIED_ANSWER_MS,
    UNHURRIED_QUIET_MS,
)
from voicebot.speech.grammars import Grammars
from voicebot.speech.pyttsx3_voice import SLOW_WORDS_PER_MINUTE, WORDS_PER_MINUTE
from voicebot.telephony.twiml import ANSWER_END_S, UNHURRIED_END_S

PAGE = (Path(__file__).parents[2] / "docs" / "conversation.md").read_text("utf-8")


def rows(heading):
    """Return the cells of the first table under a heading."""
    section = PAGE.split(f"## {heading}")[1]
    table = re.search(r"(?:^ *\|.*\n)+", section, re.MULTILINE)
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_every_key_is_told_with_words_that_mean_the_same():
    told = {key: words for key, words, _ in rows("What a caller can say or press, at any step")}
    assert set(told) == set(KEYS)
    grammars = Grammars.load(assets.GRAMMARS)
    for key, words in told.items():
        for said in filter(None, words.lower().replace("ñ", "n").split(", ")):
            assert grammars.understand("yes_no", said) is KEYS[key], said


def test_the_times_are_the_lines_own():
    told = {what: (usual, relay) for what, usual, relay in rows("When somebody has finished speaking")}
    assert list(told.values()) == [
        (f"{FIRST_NO_INPUT_MS // 1000} s, then {NEXT_NO_INPUT_MS // 1000} s", f"{UNHURRIED_NO_INPUT_MS // 1000} s"),
        (f"{QUIET_MS / 1000} s", f"{UNHURRIED_QUIET_MS / 1000} s"),
        (f"{LONG_QUIET_MS / 1000} s", f"{UNHURRIED_QUIET_MS / 1000} s"),
        (f"{MAX_ANSWER_MS // 1000} s", f"{UNHURRIED_ANSWER_MS // 1000} s"),
        (f"{ANSWER_END_S} s", f"{UNHURRIED_END_S} s"),
    ]
    assert f"first {PROTECTED_MS / 1000} s of a prompt" in PAGE
    assert f"{PAUSE_MS // 1000} seconds after the last key" in PAGE
    assert f"at {SLOW_WORDS_PER_MINUTE} instead of {WORDS_PER_MINUTE} words" in PAGE
