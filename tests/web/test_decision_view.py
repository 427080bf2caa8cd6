"""What a reader must know beside the urgency."""

from __future__ import annotations

import pytest

from voicebot.triage.answers import Answer
from voicebot.triage.engine import answer_screen, decide, next_screen
from voicebot.triage.trace import trace
from voicebot.web.decision_view import view_decision


@pytest.fixture
def booked(ruleset):
    """The decision on a caller whose leg falls asleep when sitting, and its trace."""
    answers = {}
    while screen := next_screen(ruleset, answers):
        answers = answer_screen(ruleset, answers, screen.id, Answer.YES if screen.id == "sit" else Answer.NO)
    return decide(ruleset, answers).to_json(), trace(ruleset, answers).to_json()


def test_what_was_left_for_staff_is_told_in_words(ruleset, booked):
    decision, judged = booked
    (caution,) = view_decision(decision, judged, ruleset).cautions
    assert caution.startswith("For staff to ask before the visit:")
    assert all(ruleset.questions[question].text in caution for question in decision["left_for_staff"])


def test_it_is_told_by_ids_when_the_rules_can_no_longer_be_read(booked):
    decision, judged = booked
    (caution,) = view_decision(decision, judged, None).cautions
    assert all(question in caution for question in decision["left_for_staff"])


def test_a_decision_from_before_questions_were_left_for_staff_has_nothing_to_tell(ruleset, booked):
    decision, judged = booked
    old = {name: value for name, value in decision.items() if name != "left_for_staff"}
    assert view_decision(old, judged, ruleset).cautions == ()
