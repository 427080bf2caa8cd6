"""The cause table, row by row: what these answers alone must lead to."""

import json

import pytest

from tests.triage.caller_answers import DECLINED, NO, NOT_ASKED, UNKNOWN, YES, otherwise_no, saying
from voicebot.triage import decide

SPINE = {"primary_care", "spine"}
CAUSE_TABLE = [
    # one sign alone
    ("sit", 1, SPINE),
    ("stand", 1, SPINE),
    ("stand lean", 1, SPINE),
    ("shoot", 1, SPINE),
    ("cough", 1, SPINE),
    ("tingle", 1, SPINE),
    ("weak", 1, SPINE),
    ("back_pain", 1, SPINE),
    ("severe_pain", 3, {"nurse"}),
    ("old_stroke", 2, {"primary_care"}),
    ("face_speech", 5, {"ems"}),
    ("sudden_side", 5, {"ems"}),
    ("see_balance_head", 5, {"ems"}),
    ("cold_pale", 4, {"er"}),
    ("cant_move", 4, {"er"}),
    ("swollen", 4, {"er"}),
    ("sudden_pain", 4, {"er"}),
    ("walk_cramp", 2, {"primary_care", "vascular"}),
    ("fever", 3, {"nurse"}),
    ("rash", 3, {"nurse"}),
    ("cancer", 3, {"nurse", "oncology"}),
    ("weight_loss", 2, {"primary_care"}),
    ("night_pain", 2, {"primary_care"}),
    ("new_med", 2, {"primary_care", "pharmacist"}),
    ("nerve_med", 2, {"primary_care", "pharmacist"}),
    ("saddle", 4, {"er"}),
    ("bladder", 4, {"er"}),
    ("bowel", 4, {"er"}),
    ("both_legs", 4, {"er"}),
    ("moving_up", 4, {"er"}),
    ("worse_fast", 4, {"er"}),
    ("foot_drop", 3, {"nurse"}),
    ("trauma", 4, {"er"}),
    ("procedure", 3, {"nurse"}),
    ("pregnant", 3, {"nurse", "ob"}),
    ("diabetes", 2, {"primary_care"}),
    ("foot_sore", 3, {"nurse"}),
    ("chest_breath", 5, {"ems"}),
    ("faint", 5, {"ems"}),
    ("face_droop", 5, {"ems"}),
    ("slurred_speech", 5, {"ems"}),
    ("confusion", 5, {"ems"}),
    ("sudden_arm", 5, {"ems"}),
    ("sudden_leg", 5, {"ems"}),
    ("trouble_seeing", 5, {"ems"}),
    ("lost_balance", 5, {"ems"}),
    ("worst_headache", 5, {"ems"}),
    ("chest_pain", 5, {"ems"}),
    ("short_breath", 5, {"ems"}),
    ("suicide", 5, {"ems", "nurse"}),
    ("cannot_pee", 4, {"er"}),
    ("leaks_pee", 4, {"er"}),
    ("no_pee_feeling", 4, {"er"}),
    ("leaks_stool", 4, {"er"}),
    ("no_stool_feeling", 4, {"er"}),
    ("dark_urine", 4, {"er"}),
    ("new_rash", 3, {"nurse"}),
    ("tick_bite", 3, {"nurse"}),
    ("chemo_med", 2, {"primary_care", "pharmacist"}),
    ("nerve_antibiotic", 2, {"primary_care", "pharmacist"}),
    ("leg_numb", 1, SPINE),
    ("leg_tingle", 1, SPINE),
    # signs that weigh more together
    ("old_stroke face_speech", 5, {"ems", "primary_care"}),
    ("cold_pale cant_move", 5, {"ems", "er"}),
    ("cold_pale severe_pain", 5, {"ems", "er", "nurse"}),
    ("cant_move severe_pain", 5, {"ems", "er", "nurse"}),
    ("swollen chest_breath", 5, {"ems", "er"}),
    ("sudden_pain age60", 5, {"ems", "er"}),
    ("sudden_pain faint", 5, {"ems", "er"}),
    ("moving_up chest_breath", 5, {"ems", "er"}),
    ("fever back_pain", 4, {"er", "nurse", "primary_care"}),
    ("fever weak_immune", 4, {"er", "nurse"}),
    ("fever needle", 4, {"er", "nurse"}),
    ("fever procedure", 4, {"er", "nurse"}),
    ("procedure thinner", 4, {"er", "nurse"}),
    ("procedure weak", 4, {"er", "nurse", "primary_care"}),
    ("trauma thinner", 4, {"er"}),
    ("cancer weak", 4, {"er", "nurse", "oncology", "primary_care"}),
    ("cancer foot_drop", 4, {"er", "nurse", "oncology"}),
    ("weight_loss night_pain", 3, {"nurse", "primary_care"}),
    ("foot_drop worse_fast", 4, {"er", "nurse"}),
    ("back_pain weak_immune", 3, {"nurse", "primary_care"}),
    ("back_pain needle", 3, {"nurse", "primary_care"}),
    # both outputs stand apart
    ("diabetes sit", 2, {"primary_care", "spine"}),
    ("walk_cramp sit pregnant", 3, {"nurse", "ob", "primary_care", "vascular"}),
    # what only weighs together with something else
    ("age60", 1, SPINE),
    ("lean", 1, SPINE),
    ("thinner", 1, SPINE),
    ("weak_immune", 1, SPINE),
    ("needle", 1, SPINE),
]


@pytest.mark.parametrize(("signs", "urgency", "destinations"), CAUSE_TABLE)
@pytest.mark.parametrize("rest", [NO, NOT_ASKED])
def test_the_cause_table(ruleset, signs, urgency, destinations, rest):
    answers = dict.fromkeys(ruleset.questions, rest) | saying(YES, signs)
    decision = decide(ruleset, answers)
    assert (decision.urgency, set(decision.destinations)) == (urgency, destinations)
    assert not decision.live_person
    assert decision.urgency_if_no_person == urgency


@pytest.mark.parametrize("answer", [UNKNOWN, DECLINED])
@pytest.mark.parametrize(
    ("signs", "urgency", "destinations", "stricter"),
    [
        ("face_speech", 4, ("er", "nurse"), 5),
        ("chest_breath faint", 4, ("er", "nurse"), 5),
        ("saddle", 3, ("nurse",), 4),
        ("both_legs", 3, ("nurse",), 4),
        ("cancer", 3, ("nurse",), 3),
        ("pregnant", 3, ("nurse",), 3),
        ("cant_move cold_pale", 4, ("er", "nurse"), 5),
    ],
)
def test_a_red_flag_that_could_not_be_cleared_keeps_its_weight(ruleset, answer, signs, urgency, destinations, stricter):
    decision = decide(ruleset, otherwise_no(ruleset, saying(answer, signs)))
    assert (decision.urgency, decision.destinations) == (urgency, destinations)
    assert decision.live_person
    assert decision.urgency_if_no_person == stricter


@pytest.mark.parametrize(
    ("yes", "unknown", "urgency", "stricter"),
    [
        ("sudden_pain", "age60", 4, 5),
        ("fever", "weak_immune", 3, 4),
        ("back_pain", "needle", 3, 3),
        ("procedure", "thinner", 3, 4),
        ("weight_loss", "night_pain", 3, 3),
        ("saddle", "face_speech", 4, 5),
    ],
)
def test_half_a_pattern_unknown_still_brings_a_person(ruleset, yes, unknown, urgency, stricter):
    answers = otherwise_no(ruleset, {yes: YES, unknown: UNKNOWN})
    decision = decide(ruleset, answers)
    assert (decision.urgency, decision.live_person, decision.urgency_if_no_person) == (urgency, True, stricter)


@pytest.mark.parametrize("sign", ["diabetes", "walk_cramp", "sit", "weight_loss", "age60"])
def test_unknown_has_no_effect_at_level_two_and_below(ruleset, sign):
    decision = decide(ruleset, otherwise_no(ruleset, {sign: UNKNOWN, "tingle": YES}))
    assert (decision.urgency, decision.live_person) == (1, False)


def test_self_care_only_when_every_question_was_answered_no(ruleset):
    assert decide(ruleset, otherwise_no(ruleset, {})).level == "self_care"
    asked = [question.id for question in ruleset.questions.values() if question.screen and not question.asked_if]
    for question in asked:
        left_open = decide(ruleset, otherwise_no(ruleset, {question: NOT_ASKED}))
        assert left_open.level == "spine_scheduling"
        assert left_open.destinations == ("primary_care", "spine")


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        ({}, False),
        ({"saddle": YES}, False),
        ({"face_speech": YES}, True),
    ],
)
def test_complete_means_that_nothing_open_could_still_raise_the_urgency(ruleset, answers, complete):
    assert decide(ruleset, answers).complete is complete


def test_an_open_follow_up_keeps_a_call_incomplete(ruleset):
    answers = otherwise_no(ruleset, {"sudden_pain": YES, "age60": NOT_ASKED})
    assert not decide(ruleset, answers).complete
    assert decide(ruleset, answers | {"sudden_pain": NO}).complete


def test_level_two_questions_left_open_do_not_keep_a_call_incomplete(ruleset):
    assert decide(
        ruleset, otherwise_no(ruleset, saying(NOT_ASKED, "diabetes walk_cramp sit stand lean suicide"))
    ).complete


def test_json_has_the_documented_shape_and_is_the_same_whatever_the_order_of_the_answers(ruleset):
    answers = {"saddle": YES, "foot_drop": UNKNOWN, "sit": NO}
    decision = decide(ruleset, answers).to_json()
    assert decision == {
        "urgency": 4,
        "level": "emergency_room",
        "destinations": ["er", "nurse"],
        "live_person": True,
        "urgency_if_no_person": 4,
        "complete": False,
        "rules": [
            {"id": "cauda-saddle", "level": 4, "because": {"saddle": "yes"}},
            {"id": "dragging-foot", "level": 3, "because": {"foot_drop": "unknown"}},
        ],
        "ruleset": {"id": "one-leg-numbness", "version": ruleset.version, "sha256": ruleset.sha256},
        "next_question": "face_droop",
        "left_for_staff": [],
    }
    backwards = dict(reversed(answers.items()))
    assert json.dumps(decide(ruleset, backwards).to_json()) == json.dumps(decision)
