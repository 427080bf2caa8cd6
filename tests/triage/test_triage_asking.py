import pytest

from tests.triage.caller_answers import NO, NOT_ASKED, UNKNOWN, YES, otherwise_no, saying
from voicebot.triage import answer_screen, decide, next_question, next_screen


def call(ruleset, truth):
    """Hold a call with a caller whose other answers are no; return the screens asked and the answers."""
    asked, answers = [], {}
    while screen := next_screen(ruleset, answers):
        asked.append(screen.id)
        said = [truth.get(question, NO) for question in screen.questions]
        if screen.is_group and screen.level < 5 and YES in said:
            answers |= dict(zip(screen.questions, said, strict=True))
        else:
            answers = answer_screen(ruleset, answers, screen.id, max(said, key=[NO, UNKNOWN, YES].index))
    return asked, answers


@pytest.mark.parametrize(
    ("truth", "most_screens", "urgency"),
    [
        ("face_speech", 1, 5),
        ("sudden_side", 3, 5),
        ("saddle", 6, 4),
        ("bladder", 7, 4),
        ("swollen", 9, 4),
        ("foot_drop", 14, 3),
        ("sit", 24, 1),
    ],
)
def test_calls_are_short(ruleset, truth, most_screens, urgency):
    asked, answers = call(ruleset, saying(YES, truth))
    assert len(asked) <= most_screens
    decision = decide(ruleset, answers)
    assert (decision.urgency, decision.complete) == (urgency, True)


def test_a_plain_scheduling_call_leaves_no_red_flag_unasked(ruleset):
    _, answers = call(ruleset, {"sit": YES})
    open_flags = [name for name, asked in ruleset.questions.items() if asked.level >= 3 and name not in answers]
    assert open_flags == []


def test_the_most_urgent_comes_first(ruleset):
    levels = [screen.level for screen in ruleset.screens.values() if "back_pain" not in screen.questions]
    follow_ups = {name for name, question in ruleset.questions.items() if question.asked_if}
    plain = [
        screen.level
        for screen in ruleset.screens.values()
        if not follow_ups & set(screen.questions) and screen.id != "back_pain"
    ]
    assert plain == sorted(plain, reverse=True)
    assert levels[0] == 5


def test_nothing_is_asked_at_call_911_level(ruleset):
    assert next_screen(ruleset, {"chest_breath": YES}) is None
    assert next_question(ruleset, {"chest_breath": YES}) is None


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
    assert asked[-2:] == ["stand", "lean"]
    assert "spinal-stenosis" in {fired.id for fired in decide(ruleset, answers).rules}


@pytest.mark.parametrize("sign", ["sit", "stand", "shoot", "cough", "tingle", "weak", "diabetes", "walk_cramp"])
def test_a_call_reaches_each_everyday_sign(ruleset, sign):
    asked, answers = call(ruleset, {sign: YES})
    assert sign in asked
    assert answers[sign] is YES


def test_a_group_is_asked_whole_or_one_by_one(ruleset):
    answers = otherwise_no(ruleset, saying(NOT_ASKED, "bladder bowel"))
    assert next_screen(ruleset, answers).questions == ("bladder", "bowel")
    rest = next_screen(ruleset, answers | {"bladder": NO})
    assert (rest.questions, rest.text) == (("bowel",), ruleset.questions["bowel"].text)


def test_a_no_to_a_group_is_a_no_to_each_of_it(ruleset):
    assert answer_screen(ruleset, {"sit": YES}, "spreading", NO) == {
        "sit": YES,
        "both_legs": NO,
        "moving_up": NO,
        "worse_fast": NO,
    }


def test_a_yes_to_a_call_911_group_decides_at_once(ruleset):
    answers = answer_screen(ruleset, {}, "stroke_signs", YES)
    assert decide(ruleset, answers).level == "call_911"
