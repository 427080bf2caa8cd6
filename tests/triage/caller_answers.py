"""Answers for the tests of this room."""

from voicebot.triage import Answer

YES, NO, UNKNOWN, DECLINED, NOT_ASKED = Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.DECLINED, Answer.NOT_ASKED


def saying(answer, names):
    """Return one answer to each of the space-separated question ids."""
    return dict.fromkeys(names.split(), answer)


def otherwise_no(ruleset, answers):
    """Return `answers` with a no to every other question."""
    return dict.fromkeys(ruleset.questions, NO) | answers


def with_answer(answers, question, answer):
    """Return `answers` with one of them changed."""
    return {**answers, question: answer}
