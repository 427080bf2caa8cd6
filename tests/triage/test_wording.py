import pytest

from voicebot.triage.wording import asked_mistakes, patient_mistakes, says_you, spoken_mistakes


@pytest.mark.parametrize(
    "text",
    ["Can you not move?", "Can't you move?", "Can\u2019t you?", "Are you unable to move?", "Is it without pain?"],
)
def test_a_negation_is_found(text):
    assert len(list(asked_mistakes(text))) == 1


@pytest.mark.parametrize("text", ["Has the leg stopped moving?", "Is it numb now?", "Do you have a knot or a nod?"])
def test_plain_questions_pass(text):
    assert list(asked_mistakes(text)) == []


def test_digits_are_found_and_spelled_numbers_pass():
    assert len(list(spoken_mistakes("Call 911 or 988."))) == 2
    assert list(spoken_mistakes("Call nine one one.")) == []


@pytest.mark.parametrize("text", ["Does your leg hurt?", "Are YOU well?", "Is the fault yours?", "Look at yourself."])
def test_words_to_the_patient_are_found_where_the_caller_is_another(text):
    assert says_you(text)
    assert len(list(patient_mistakes(text))) == 1


@pytest.mark.parametrize("text", ["Does the patient's leg hurt?", "Is it a young patient?"])
def test_words_about_the_patient_pass(text):
    assert not says_you(text)
    assert list(patient_mistakes(text)) == []
