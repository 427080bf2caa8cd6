import hashlib

import pytest

from voicebot import assets

QUESTIONS = """
    sit stand lean shoot cough tingle weak back_pain severe_pain old_stroke face_speech sudden_side see_balance_head
    cold_pale cant_move swollen sudden_pain age60 faint walk_cramp fever rash cancer weight_loss night_pain new_med
    nerve_med saddle bladder bowel both_legs moving_up worse_fast foot_drop trauma procedure thinner pregnant diabetes
    foot_sore weak_immune needle chest_breath
"""
NAMED_BY_THE_CLINIC = {
    "falls asleep when sitting": "sit",
    "numb after standing": "stand",
    "spinal stenosis": "lean",
    "sciatica": "shoot",
    "herniated disc": "cough",
    "numbness and tingling": "tingle",
    "muscle weakness": "weak",
    "pain": "back_pain",
    "medication side effects": "new_med",
    "infection": "fever",
    "tumor": "cancer",
    "vascular conditions": "walk_cramp",
    "aftermath of a stroke": "old_stroke",
}


def test_the_bundled_rule_set_holds_every_question_once(ruleset):
    assert len(QUESTIONS.split()) == 43
    assert sorted(ruleset.questions) == sorted(QUESTIONS.split())
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


def test_the_hash_is_that_of_the_file(ruleset):
    assert ruleset.sha256 == hashlib.sha256(assets.RULESET.read_bytes()).hexdigest()


def test_a_screen_holds_at_most_three_questions_of_one_level(ruleset):
    for screen in ruleset.screens.values():
        assert 1 <= len(screen.questions) <= 3
        assert {ruleset.questions[question].level for question in screen.questions} == {screen.level}
        assert bool(screen.read_back) is screen.is_group


@pytest.mark.parametrize(("level", "unknown"), [(5, 4), (4, 3), (3, 3), (2, None), (1, None)])
def test_unknown_weighs_by_the_level(ruleset, level, unknown):
    questions = [question for question in ruleset.questions.values() if question.level == level]
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
    for question in ("face_speech", "see_balance_head", "sudden_side"):
        assert "now or in the last week" in ruleset.questions[question].text.lower()
    assert "even if it passed" in ruleset.questions["sudden_side"].text
    assert "last two weeks" in ruleset.questions["both_legs"].text
    for question in ("chest_breath", "faint"):
        assert "today or yesterday" in ruleset.questions[question].text.lower()
