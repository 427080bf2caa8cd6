"""Whoever calls for somebody else is asked about the patient: every question and reason has words for that."""

import pytest

from voicebot import assets
from voicebot.dialog.manner import PATIENT
from voicebot.dialog.spoken import spoken_texts
from voicebot.errors import VoicebotError
from voicebot.triage.ruleset import parse_ruleset
from voicebot.triage.wording import says_you


@pytest.fixture
def ruleset_text():
    return assets.RULESET.read_text("utf-8")


def changed(text, old, new):
    assert old in text
    return parse_ruleset(text.replace(old, new, 1), "rules.yaml")


def test_all_that_the_bundled_rules_say_can_be_said_about_the_patient(ruleset):
    assert ruleset.speaks_of_patient


def test_what_speaks_to_the_caller_has_other_words_about_the_patient_and_all_else_the_same(ruleset):
    texts = spoken_texts(ruleset)
    for prompt, text in texts.items():
        if not prompt.startswith(PATIENT):
            about_patient = texts[PATIENT + prompt]
            assert (about_patient == text) is not says_you(text), prompt
            assert not says_you(about_patient), prompt


def test_a_question_without_words_about_the_patient_is_told(ruleset_text):
    words = "    patient:\n      text: Now or in the last week, has one side of the patient's face drooped?\n"
    assert not changed(ruleset_text, words, "    patient:\n").speaks_of_patient


def test_words_about_the_patient_that_speak_to_the_caller_are_a_mistake(ruleset_text):
    with pytest.raises(VoicebotError, match="hold no 'your'"):
        changed(ruleset_text, "has one side of the patient's face", "has one side of your patient face")


def test_words_about_the_patient_are_judged_like_all_others(ruleset_text):
    with pytest.raises(VoicebotError, match="no negation"):
        changed(ruleset_text, "has one side of the patient's face", "has the patient never had a face")
