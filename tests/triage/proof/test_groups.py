"""One answer to a group weighs what its questions weigh one by one."""

import z3

from tests.triage.proof.encoding import VALUE
from tests.triage.proof.solving import answered, state_where
from tests.triage.proof.states import signs_of
from voicebot.triage import Answer, answer_screen

SAID = {
    Answer.YES: [Answer.YES],
    Answer.UNKNOWN: [Answer.UNKNOWN, Answer.DECLINED],
}


def groups(ruleset):
    return [screen for screen in ruleset.screens.values() if screen.is_group]


def test_a_no_to_a_group_is_a_no_to_each(ruleset):
    for group in groups(ruleset):
        assert answer_screen(ruleset, {}, group.id, Answer.NO) == dict.fromkeys(group.questions, Answer.NO)


def test_a_group_never_weighs_less_than_any_of_its_questions(ruleset, formulas):
    for group in groups(ruleset):
        for said in SAID:
            assert (
                counterexample(ruleset, formulas, group, said, lambda grouped, single: z3.And(single, z3.Not(grouped)))
                is None
            )


def test_a_group_of_911_signs_weighs_the_same_without_being_asked_one_by_one(ruleset, formulas):
    urgent = [group for group in groups(ruleset) if group.level == 5]
    assert urgent
    for group in urgent:
        for said in SAID:
            assert counterexample(ruleset, formulas, group, said, lambda grouped, single: grouped != single) is None


def counterexample(ruleset, formulas, group, said, unequal):
    """Return a caller of whom one of the group is `said` and none is more, yet the group's answer weighs otherwise."""
    grouped = answer_screen(ruleset, {}, group.id, said)
    members = [formulas.answers[name] for name in group.questions]
    one_is = z3.Or(*(member == VALUE[answer] for member in members for answer in SAID[said]))
    none_is_more = (
        z3.BoolVal(True) if said is Answer.YES else z3.And(*(member != VALUE[Answer.YES] for member in members))
    )
    steps = [*formulas.urgency.values(), *formulas.if_no_person.values()]
    differs = [unequal(answered(step, grouped, formulas.answers), step) for step in steps]
    caller = state_where(z3.And(one_is, none_is_more, z3.Or(*differs)), formulas.answers)
    return caller and f"{group.id} {said}: {signs_of(caller)}"
