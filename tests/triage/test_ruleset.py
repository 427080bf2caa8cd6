import hashlib
import re
from datetime import date

import pytest

from voicebot import assets

QUESTIONS = """
    sit stand lean shoot cough leg_numb leg_tingle weak back_pain severe_pain old_stroke face_droop slurred_speech
    confusion sudden_arm sudden_leg trouble_seeing lost_balance worst_headache cold_pale cant_move swollen sudden_pain
    age60 faint walk_cramp fever new_rash tick_bite cancer weight_loss night_pain new_med chemo_med nerve_antibiotic
    dark_urine saddle cannot_pee leaks_pee no_pee_feeling leaks_stool no_stool_feeling both_legs moving_up worse_fast
    foot_drop trauma procedure thinner pregnant diabetes foot_sore weak_immune needle chest_pain short_breath
"""
NAMED_BY_THE_CLINIC = {
    "falls asleep when sitting": "sit",
    "numb after standing": "stand",
    "spinal stenosis": "lean",
    "sciatica": "shoot",
    "herniated disc": "cough",
    "numbness and tingling": "leg_tingle",
    "muscle weakness": "weak",
    "pain": "back_pain",
    "medication side effects": "new_med",
    "infection": "fever",
    "tumor": "cancer",
    "vascular conditions": "walk_cramp",
    "aftermath of a stroke": "old_stroke",
}


def test_the_bundled_rule_set_holds_every_question_once(ruleset):
    assert sorted(ruleset.questions) == sorted([*QUESTIONS.split(), "suicide"])
    asked = [question for screen in ruleset.screens.values() for question in screen.questions]
    assert sorted(asked) == sorted(QUESTIONS.split())


@pytest.mark.parametrize(("cause", "question"), NAMED_BY_THE_CLINIC.items())
def test_everything_the_clinics_page_names_has_a_question_a_rule_and_a_source(ruleset, cause, question):
    rules = [rule for rule in ruleset.rules if rule.seed_cause == cause]
    assert any(question in rule.all_of for rule in rules)
    assert all(rule.source for rule in rules)


def test_no_clinician_has_approved_the_bundled_rules(ruleset):
    assert not ruleset.approved
    assert "No clinician has approved" in ruleset.notice
    assert all(rule.approval.approver is None for rule in ruleset.rules)


def test_every_rule_says_where_it_comes_from_and_who_stands_for_it(ruleset):
    for rule in ruleset.rules:
        assert rule.spoken.endswith(".")
        assert len(rule.source) > 5
        assert rule.icd10 or rule.id == ruleset.no_symptom.id
        assert all(re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", code) for code in rule.icd10)
        assert rule.approval.author
        assert rule.approval.review_by > date(2026, 11, 22)


def test_what_a_clinician_has_to_decide_is_written_down(ruleset):
    assert len(ruleset.for_clinician) > 10
    assert any("sudden_leg" in point for point in ruleset.for_clinician)


def test_the_hash_is_that_of_the_file(ruleset):
    assert ruleset.sha256 == hashlib.sha256(assets.RULESET.read_bytes()).hexdigest()


def test_a_screen_holds_at_most_three_questions_of_one_level(ruleset):
    for screen in ruleset.screens.values():
        assert 1 <= len(screen.questions) <= 3
        assert {ruleset.questions[question].level for question in screen.questions} == {screen.level}
        assert bool(screen.read_back) is screen.is_group


@pytest.mark.parametrize(("level", "unknown"), [(5, 4), (4, 3), (3, 3), (2, None), (1, None)])
def test_unknown_weighs_by_the_level(ruleset, level, unknown):
    questions = [question for question in ruleset.questions.values() if question.level == level and question.screen]
    assert questions
    assert {question.unknown_level for question in questions} == {unknown}


@pytest.mark.parametrize(
    ("follow_up", "triggers"),
    [
        ("age60", {"sudden_pain"}),
        ("thinner", {"procedure"}),
        ("weak_immune", {"fever", "back_pain"}),
        ("needle", {"fever", "back_pain"}),
        ("lean", {"stand"}),
    ],
)
def test_follow_ups(ruleset, follow_up, triggers):
    assert set(ruleset.questions[follow_up].asked_if) == triggers


def test_a_stroke_that_passed_is_asked_for_and_times_are_given(ruleset):
    stroke = {rule.all_of[0] for rule in ruleset.rules if rule.id.startswith("stroke-")}
    assert len(stroke) == 8
    for question in map(ruleset.questions.get, stroke):
        for said in (question, ruleset.screens[question.screen]):
            assert re.search("now (or in|and) the last week", said.text.lower())
        assert "even if it passed" in question.text + question.help.replace("It counts even", "even")
    assert "even if it passed" in ruleset.screens["arm_or_leg"].text
    assert "last two weeks" in ruleset.questions["both_legs"].text
    for question in map(ruleset.questions.get, ("chest_pain", "short_breath", "faint")):
        for said in (question, ruleset.screens[question.screen]):
            assert "today or yesterday" in said.text.lower()
