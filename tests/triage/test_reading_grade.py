"""Callers of every schooling understand what they are asked and told: sixth grade or lower, text by text."""

import pytest

from tests.triage.reading_grade import grade, syllables

MOST = 6.0
MOST_WORDS = 29
"""About ten seconds, as the line speaks."""


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("leg", 1), ("numb", 1), ("needed", 2), ("passed", 1), ("started", 2), ("little", 2), ("table", 2),
        ("diabetes", 4), ("medicine", 3), ("being", 2), ("pain", 1), ("weeks", 1), ("noses", 2), ("the", 1),
        ("pregnant", 2), ("emergency", 4), ("area", 3), ("bleeding", 2), ("infection", 3), ("people", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_long_words_and_long_sentences_are_harder():
    assert grade("Does your leg hurt?") < 1
    assert grade("Is intermittent claudication limiting ambulation?") > 12


def test_every_question_and_reason_is_for_the_sixth_grade_or_lower(ruleset):
    asked = (*ruleset.questions.values(), *ruleset.screens.values())
    wordings = {one.id: one for one in asked} | {f"patient.{one.id}": one.patient for one in asked}
    spoken = {
        f"{name}.{field}": getattr(wording, field)
        for name, wording in wordings.items()
        for field in ("text", "reprompt", "help")
    }
    spoken |= {rule.id: rule.spoken for rule in ruleset.rules}
    spoken |= {f"patient.{rule.id}": rule.patient for rule in ruleset.rules if rule.patient}
    assert {name: round(grade(text), 1) for name, text in spoken.items() if grade(text) > MOST} == {}


def test_what_is_asked_in_one_breath_is_short(ruleset):
    long = {screen.id: len(screen.text.split()) for screen in ruleset.screens.values()}
    long |= {f"patient.{screen.id}": len(screen.patient.text.split()) for screen in ruleset.screens.values()}
    assert {name: words for name, words in long.items() if words > MOST_WORDS} == {}
