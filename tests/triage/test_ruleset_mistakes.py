"""Every mistake in a rule set file is told with its line, all of them at once."""

import re
from pathlib import Path

import pytest

from voicebot.errors import VoicebotError
from voicebot.triage import parse_ruleset

SOUND = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def mistakes_in(text):
    with pytest.raises(VoicebotError) as caught:
        parse_ruleset(text, "mine.yaml")
    assert caught.value.code == "ruleset_broken"
    assert caught.value.exit_code == 2
    found = re.findall(r"^mine\.yaml:(\d+): (.+)$", caught.value.message, re.MULTILINE)
    assert len(found) == len(caught.value.message.splitlines())
    return [(int(line), what) for line, what in found]


def edited(before, after):
    """Return the sound text with one edit, and the line where it stands."""
    assert SOUND.count(before) == 1, before
    return SOUND.replace(before, after), SOUND[: SOUND.index(before)].count("\n") + 1


RULE = "  - id: cauda-saddle\n"
SADDLE_TEXT = "    text: Do you have new numbness between your legs, where you wipe or sit?\n"
SADDLE_WEIGHT = RULE + "    all_of: [saddle]\n    level: 4\n    destinations: [er]\n"
SADDLE_UNKNOWN = SADDLE_WEIGHT + "    if_unknown: {level: 3, destinations: [nurse]}\n"
STROKE = "  - id: stroke-face-speech\n    all_of: [face_speech]\n    level: 5\n    destinations: [ems]\n"


@pytest.mark.parametrize(
    ("before", "after", "below", "what"),
    [
        ("  - id: saddle\n", "  - id: Saddle Area\n", 0, "`id` is wrong"),
        (SADDLE_TEXT, "", -1, "`text` is missing"),
        (SADDLE_TEXT, "    text: Do you feel 2 new numb spots?\n", 0, "spoken words hold no digits"),
        (SADDLE_TEXT, "    text: Can you not feel it when you wipe?\n", 0, "no negation, here is 'not'"),
        (SADDLE_TEXT, "    text: Can't you feel it when you wipe?\n", 0, "no negation, here is 'n't'"),
        (SADDLE_TEXT, "    text: You have new numbness.\n", 0, "ends with a question mark"),
        (SADDLE_TEXT, SADDLE_TEXT + "    txt: typed wrong\n", 1, "`txt` is no field"),
        (SADDLE_TEXT, SADDLE_TEXT + "    text: twice\n", 1, "duplicate key"),
        ("    asked_if: [sudden_pain]\n", "    asked_if: [sudden_pian]\n", 0, "there is no question sudden_pian"),
        ("    asked_if: [stand]\n", "    asked_if: [weak]\n", 0, "lean is asked before weak"),
        ("    questions: [bladder, bowel]\n", "    questions: [bladder]\n", 0, "`questions` is wrong"),
        (
            "    questions: [bladder, bowel]\n",
            "    questions: [bladder, bowel, saddle, trauma]\n",
            0,
            "`questions` is wrong",
        ),
        ("    questions: [foot_sore, rash]\n", "    questions: [foot_sore, sit]\n", 0, "one level, here are"),
        ("    questions: [foot_sore, rash]\n", "    questions: [rash, rash]\n", 0, "rash is named twice"),
        ("  - trauma\n  - sudden_pain\n", "  - truama\n  - sudden_pain\n", 0, "no question or group truama"),
        ("  - trauma\n  - sudden_pain\n", "  - trauma\n  - trauma\n  - sudden_pain\n", None, "trauma is asked twice"),
        ("  - spreading\n", "", None, "the group spreading is never asked"),
        ("  - id: cauda-bowel\n", RULE, 0, "the name rule cauda-saddle is used twice"),
        ("  - id: spreading\n", "  - id: saddle\n", 0, "the name saddle is used twice"),
        ("    all_of: [saddle]\n", "    all_of: [sadle]\n", 0, "there is no question sadle"),
        ("    all_of: [saddle]\n", "    all_of: [{saddle: no}]\n", 0, "a rule can only name questions"),
        ("    all_of: [saddle]\n", "    all_of: []\n", -1, "`all_of` is missing or empty"),
        ("    all_of: [stand, lean]\n", "    all_of: [lean]\n", 0, "lean is asked only after stand"),
        ("questions:\n", "former:\n  sadle: [sadddle]\nquestions:\n", 1, "there is no question sadddle"),
        ("questions:\n", "former:\n  saddle: [bowel]\nquestions:\n", 1, "saddle is still in use"),
        (SADDLE_TEXT, SADDLE_TEXT + "    asked_by: staff\n", 1, "saddle is a red flag; the line must ask it"),
        (SADDLE_TEXT, SADDLE_TEXT + "    asked_by: nobody\n", None, "nobody asks saddle; remove it from `order`"),
        (SADDLE_TEXT, SADDLE_TEXT + "    asked_by: nurse\n", 1, "`asked_by` is wrong"),
        (SADDLE_WEIGHT, SADDLE_WEIGHT.replace("level: 4", "level: 7"), 2, "`level` is wrong"),
        (SADDLE_WEIGHT, SADDLE_WEIGHT.replace("[er]", "[er, spine]"), 3, "never leads to spine scheduling"),
        (SADDLE_WEIGHT, SADDLE_WEIGHT.replace("[er]", "[]"), 3, "`destinations` is wrong"),
        (SADDLE_WEIGHT, SADDLE_WEIGHT.replace("[er]", "[moon]"), 3, "is wrong: input should be 'ems'"),
        (SADDLE_UNKNOWN, SADDLE_WEIGHT, 0, "`if_unknown` is missing; unknown is never no"),
        (SADDLE_UNKNOWN, SADDLE_UNKNOWN.replace("level: 3", "level: 2"), 4, "unknown weighs too little"),
        (SADDLE_UNKNOWN, SADDLE_UNKNOWN.replace("level: 3", "level: 5"), 4, "unknown cannot weigh more than yes"),
        (SADDLE_UNKNOWN, SADDLE_UNKNOWN.replace("[nurse]", "[spine]"), 4, "never leads to spine scheduling"),
        (STROKE, STROKE.replace("[ems]", "[er]"), 3, "level 5 leads to `ems`"),
        ("spoken: A leg that has stopped moving must", "spoken: Call 911, it must", 0, "no digits, here is 911"),
        ("base:\n  id: numb-leg\n  level: 1\n", "base:\n  id: numb-leg\n  level: 2\n", 2, "always level 1"),
        ("base:\n  id: numb-leg\n", "base:\n  id: numb-leg\n  all_of: [sit]\n", 0, "holds when no rule fires"),
        ("  review_by: 2027-05-22\n", "  review_by: soon\n", 0, "`review_by` is wrong"),
        ("version: 0.1.0\n", "version: 1\n", 0, "`version` is wrong"),
        ("    all_of: [saddle]\n", "    all_of: [saddle\n", 1, "expected"),
    ],
)
def test_a_mistake_is_told_with_its_line(before, after, below, what):
    text, line = edited(before, after)
    told = mistakes_in(text)
    assert any(what in said for _, said in told), told
    if below is not None:
        assert any(what in said and at == line + below for at, said in told), (line + below, told)


def test_the_small_rule_set_is_sound():
    assert parse_ruleset(SOUND, "small.yaml").id == "small"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines():
    text = SOUND
    for before, after in (
        (SADDLE_TEXT, ""),
        ("    all_of: [trauma]\n", "    all_of: [trouble]\n"),
        ("spoken: A leg that has stopped moving must", "spoken: Call 911, it must"),
        ("    reprompt: Do you wake from sleep", "    reprompt: Don't you wake from sleep"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    told = mistakes_in(text)
    assert [line for line, _ in told] == sorted(line for line, _ in told)
    said = "\n".join(what for _, what in told)
    for expected in ("`text` is missing", "no question trouble", "here is 911", "no negation"):
        assert expected in said


def test_a_question_no_rule_holds_and_one_never_asked_are_told():
    orphan = "questions:\n  - {id: orphan, text: Is it?, reprompt: Is it so?, help: That., why: To know.}\n"
    said = " ".join(what for _, what in mistakes_in(SOUND.replace("questions:\n", orphan, 1)))
    assert "no rule holds orphan" in said
    assert "orphan is never asked" in said


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list\n", "questions: [", "\tid: x"])
def test_what_is_no_rule_set_at_all_is_told_in_one_line(text):
    assert len(mistakes_in(text)) == 1


@pytest.mark.parametrize("text", ["questions: 5\nrules: {}\n", "id: x\nquestions: [1, {id: 2}]\norder: [[]]\n"])
def test_a_file_of_the_wrong_shape_is_told_not_thrown(text):
    assert mistakes_in(text)
