"""Stopping early, in groups or one by one and in any order, gives the urgency of asking everything.

What the line leaves for staff is the one thing that may be missing, and never hides a red flag.
"""

from dataclasses import replace
from random import Random

import pytest
import z3

from tests.triage.proof.calls import as_asked, early_stop
from tests.triage.proof.encoding import VALUE
from tests.triage.proof.expected import RED_FLAG
from tests.triage.proof.outcome import engine_outcome
from tests.triage.proof.solving import answered, state_where
from tests.triage.proof.states import random_states
from voicebot.triage import Answer, left_for_staff

SAID = (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.DECLINED)


@pytest.fixture(scope="module")
def hard_truths(ruleset, formulas):
    """For each question and each level it can lead to, a caller for whom this one answer decides: skipping it shows."""
    answers = formulas.answers
    all_asked = [answer != VALUE[Answer.NOT_ASKED] for answer in answers.values()]
    follow_ups_of_no_are_no = [
        z3.Or(
            answers[name] == VALUE[Answer.NO], *(answers[trigger] != VALUE[Answer.NO] for trigger in question.asked_if)
        )
        for name, question in ruleset.questions.items()
        if question.asked_if
    ]
    a_call = z3.And(*all_asked, *follow_ups_of_no_are_no)
    found = (
        state_where(z3.And(a_call, fact, z3.Not(answered(fact, {question: Answer.NO}, answers))), answers)
        for question, rules in ruleset.rules_with.items()
        for level in {rule.level for rule in rules}
        for fact in (formulas.urgency[level], formulas.if_no_person[level])
    )
    return [truth for truth in found if truth]


def stops_right(ruleset, truth):
    """Only what is left for staff may differ, and with their answers nothing does; a red flag is never among it."""
    everything = engine_outcome(ruleset, truth)
    for one_by_one in (False, True):
        answers = early_stop(ruleset, truth, one_by_one=one_by_one)
        early, left = engine_outcome(ruleset, answers), left_for_staff(ruleset, answers)
        if max(early.urgency, everything.urgency) >= RED_FLAG:
            assert not left
            assert (early.urgency, early.urgency_if_no_person) == (everything.urgency, everything.urgency_if_no_person)
        else:
            assert engine_outcome(ruleset, answers | {name: truth[name] for name in left}) == everything


def test_where_one_answer_decides(ruleset, hard_truths):
    assert len(hard_truths) >= len(ruleset.questions)
    for truth in hard_truths:
        stops_right(ruleset, truth)


def test_with_callers_drawn_by_chance(ruleset):
    for truth in random_states(list(ruleset.questions), 100, seed=2, choices=SAID):
        stops_right(ruleset, as_asked(ruleset, truth))


def test_in_any_order_of_asking(ruleset):
    chance = Random(3)
    for truth in random_states(list(ruleset.questions), 50, seed=3, choices=SAID):
        order = chance.sample(list(ruleset.screens), len(ruleset.screens))
        shuffled = replace(ruleset, screens={name: ruleset.screens[name] for name in order})
        stops_right(shuffled, as_asked(ruleset, truth))
