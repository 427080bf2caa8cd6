import pytest

from voicebot.errors import VoicebotError
from voicebot.triage import Answer, decide, next_screen, parse_answers


def test_a_question_left_out_is_not_asked(ruleset):
    answers = parse_answers({"saddle": "yes"}, ruleset)
    assert list(answers) == list(ruleset.questions)
    assert answers.pop("saddle") is Answer.YES
    assert set(answers.values()) == {Answer.NOT_ASKED}


@pytest.mark.parametrize("value", ["Yes", "YES", "", "maybe", " yes", True, False, None, 1, ["yes"]])
def test_anything_but_the_five_answers_is_an_error_that_does_not_repeat_it(ruleset, value):
    with pytest.raises(VoicebotError) as caught:
        parse_answers({"saddle": value}, ruleset)
    assert caught.value.code == "unknown_answer"
    assert caught.value.exit_code == 2
    assert "saddle" in caught.value.message
    assert "maybe" not in str(caught.value)
    with pytest.raises(VoicebotError, match="saddle"):
        next_screen(ruleset, {"saddle": value})
    with pytest.raises(VoicebotError, match="saddle"):
        decide(ruleset, {"saddle": value})


FORMER = {
    "face_speech": {"face_droop", "slurred_speech"},
    "sudden_side": {"sudden_arm", "sudden_leg"},
    "see_balance_head": {"trouble_seeing", "lost_balance", "worst_headache"},
    "chest_breath": {"chest_pain", "short_breath"},
    "bladder": {"cannot_pee", "leaks_pee", "no_pee_feeling"},
    "bowel": {"leaks_stool", "no_stool_feeling"},
    "rash": {"new_rash", "tick_bite"},
    "nerve_med": {"chemo_med", "nerve_antibiotic"},
    "tingle": {"leg_numb", "leg_tingle"},
}


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize(("old", "parts"), FORMER.items())
def test_the_answer_to_a_question_that_was_split_counts_for_every_part(ruleset, old, parts, answer):
    answers = parse_answers({old: str(answer)}, ruleset)
    assert old not in answers
    assert {answers[part] for part in parts} == {answer}
    assert {answers[other] for other in set(answers) - parts} == {Answer.NOT_ASKED}


@pytest.mark.parametrize("old", FORMER)
def test_a_split_question_weighs_as_much_as_its_heaviest_part(ruleset, old):
    for answer in (Answer.YES, Answer.UNKNOWN):
        parts = [decide(ruleset, {part: answer}).urgency for part in FORMER[old]]
        assert decide(ruleset, {old: answer}).urgency == max(parts)


BY_DANGER = [Answer.NOT_ASKED, Answer.NO, Answer.DECLINED, Answer.UNKNOWN, Answer.YES]


@pytest.mark.parametrize("of_old", Answer)
@pytest.mark.parametrize("of_part", Answer)
def test_where_old_and_part_are_both_answered_the_more_dangerous_holds(ruleset, of_old, of_part):
    answers = parse_answers({"face_speech": of_old, "face_droop": of_part}, ruleset)
    assert answers["face_droop"] is max(of_old, of_part, key=BY_DANGER.index)
    assert answers["slurred_speech"] is of_old


@pytest.mark.parametrize("use", [parse_answers, lambda given, ruleset: decide(ruleset, given)])
def test_a_misspelled_question_is_an_error_and_never_a_silent_no(ruleset, use):
    with pytest.raises(VoicebotError, match="no question 'sadle'") as caught:
        use({"sadle": Answer.YES}, ruleset)
    assert caught.value.code == "unknown_question"


def test_asking_takes_no_strange_answer_either(ruleset):
    with pytest.raises(VoicebotError):
        next_screen(ruleset, {"saddle": "Yes"})
