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


@pytest.mark.parametrize("use", [parse_answers, lambda given, ruleset: decide(ruleset, given)])
def test_a_misspelled_question_is_an_error_and_never_a_silent_no(ruleset, use):
    with pytest.raises(VoicebotError, match="no question 'sadle'") as caught:
        use({"sadle": Answer.YES}, ruleset)
    assert caught.value.code == "unknown_question"


def test_asking_takes_no_strange_answer_either(ruleset):
    with pytest.raises(VoicebotError):
        next_screen(ruleset, {"saddle": "Yes"})
