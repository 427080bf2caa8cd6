import pytest

from tests.triage.caller_answers import DECLINED, NO, NOT_ASKED, UNKNOWN, YES, otherwise_no, saying
from voicebot.triage import answer_screen, decide, next_question, next_screen


def call(ruleset, truth):
    """Hold a call with a caller whose other answers are no; return all that was asked and the answers."""
    asked, answers = [], {}
    while screen := next_screen(ruleset, answers):
        asked.append(screen.id)
        said = [truth.get(question, NO) for question in screen.questions]
        if screen.is_group and screen.level < 5 and YES in said:
            for question in screen.questions:
                asked.append(question)
                answers[question] = truth.get(question, NO)
                if answers[question] is YES:
                    break
        else:
            answers = answer_screen(ruleset, answers, screen.id, max(said, key=[NO, UNKNOWN, YES].index))
    return asked, answers


@pytest.mark.parametrize(
    ("truth", "most", "urgency"),
    [
        ("face_droop", 1, 5),
        ("confusion", 1, 5),
        ("sudden_leg", 2, 5),
        ("sudden_arm", 2, 5),
        ("worst_headache", 3, 5),
        ("chest_pain", 4, 5),
        ("saddle", 6, 4),
        ("saddle cannot_pee", 6, 4),
        ("cannot_pee", 8, 4),
        ("leaks_stool", 10, 4),
        ("swollen", 9, 4),
        ("foot_drop", 13, 3),
        ("sit", 16, 1),
        ("weak", 21, 1),
        ("", 20, 0),
    ],
)
def test_calls_are_short(ruleset, truth, most, urgency):
    asked, answers = call(ruleset, saying(YES, truth))
    assert len(asked) <= most
    decision = decide(ruleset, answers)
    assert (decision.urgency, decision.complete) == (urgency, True)


def test_a_plain_scheduling_call_leaves_no_red_flag_unasked(ruleset):
    _, answers = call(ruleset, {"sit": YES})
    open_flags = [name for name, asked in ruleset.questions.items() if asked.level >= 3 and name not in answers]
    assert open_flags == ["suicide"]
    decision = decide(ruleset, answers)
    assert decision.complete
    assert decision.left_for_staff == ("night_pain", "chemo_med", "nerve_antibiotic", "diabetes", "walk_cramp")


def test_what_is_left_for_staff_is_asked_when_it_could_mean_the_same_day(ruleset):
    asked, answers = call(ruleset, saying(YES, "sit weight_loss night_pain"))
    assert "night_pain" in asked
    decision = decide(ruleset, answers)
    assert (decision.urgency, decision.left_for_staff) == (3, ())


def test_what_is_left_for_staff_is_asked_when_nothing_else_was_found(ruleset):
    asked, answers = call(ruleset, {"diabetes": YES})
    assert "diabetes" in asked
    assert decide(ruleset, answers).urgency == 2


def test_nobody_is_asked_about_suicide_and_talk_of_it_weighs_as_yes(ruleset):
    asked, _ = call(ruleset, {})
    assert "suicide" not in asked
    for answer in (YES, UNKNOWN, DECLINED):
        assert decide(ruleset, {"suicide": answer}).level == "call_911"


LEFT_FOR_STAFF = ("nerve_drugs", "slow_illness")


def test_the_most_urgent_comes_first(ruleset):
    follow_ups = {name for name, question in ruleset.questions.items() if question.asked_if}
    plain = [
        screen.level
        for screen in ruleset.screens.values()
        if not follow_ups & set(screen.questions) and screen.id not in {"back_pain", *LEFT_FOR_STAFF}
    ]
    assert plain == sorted(plain, reverse=True)
    assert plain[0] == 5
    assert tuple(ruleset.screens)[-2:] == LEFT_FOR_STAFF


def test_nothing_is_asked_at_call_911_level(ruleset):
    assert next_screen(ruleset, {"chest_pain": YES}) is None
    assert next_question(ruleset, {"chest_pain": YES}) is None


def test_at_emergency_room_level_only_what_could_mean_911_is_asked(ruleset):
    answers = otherwise_no(ruleset, {"cold_pale": YES, "severe_pain": NOT_ASKED, "swollen": NOT_ASKED})
    assert next_question(ruleset, answers) == "severe_pain"


@pytest.mark.parametrize(
    ("trigger", "follow_up"),
    [("sudden_pain", "age60"), ("procedure", "thinner"), ("fever", "weak_immune"), ("back_pain", "needle")],
)
@pytest.mark.parametrize(("answer", "asked"), [(YES, True), (UNKNOWN, True), (NO, False)])
def test_a_follow_up_is_asked_unless_its_trigger_is_no(ruleset, trigger, follow_up, answer, asked):
    answers = otherwise_no(ruleset, {trigger: answer, follow_up: NOT_ASKED})
    assert (next_question(ruleset, answers) == follow_up) is asked


def test_standing_leads_to_leaning_though_the_outcome_stands(ruleset):
    asked, answers = call(ruleset, saying(YES, "stand lean"))
    assert asked[-3:] == ["posture", "stand", "lean"]
    assert "spinal-stenosis" in {fired.id for fired in decide(ruleset, answers).rules}


@pytest.mark.parametrize(
    "sign", ["sit", "stand", "shoot", "cough", "leg_numb", "leg_tingle", "weak", "diabetes", "walk_cramp"]
)
def test_a_call_reaches_each_everyday_sign(ruleset, sign):
    asked, answers = call(ruleset, {sign: YES})
    assert sign in asked
    assert answers[sign] is YES


def test_a_group_is_asked_whole_or_one_by_one(ruleset):
    members = ("swollen", "trauma")
    answers = otherwise_no(ruleset, dict.fromkeys(members, NOT_ASKED))
    assert next_screen(ruleset, answers).questions == members
    rest = next_screen(ruleset, answers | {members[0]: NO})
    assert (rest.questions, rest.text) == (members[1:], ruleset.questions[members[1]].text)


def test_a_question_put_by_itself_is_answered_like_a_screen(ruleset):
    assert answer_screen(ruleset, {}, "leaks_pee", NO) == {"leaks_pee": NO}


def test_a_no_to_a_group_is_a_no_to_each_of_it(ruleset):
    assert answer_screen(ruleset, {"sit": YES}, "spreading", NO) == {
        "sit": YES,
        "both_legs": NO,
        "moving_up": NO,
        "worse_fast": NO,
    }


def test_a_yes_to_a_call_911_group_decides_at_once(ruleset):
    answers = answer_screen(ruleset, {}, "face_and_speech", YES)
    assert decide(ruleset, answers).level == "call_911"
