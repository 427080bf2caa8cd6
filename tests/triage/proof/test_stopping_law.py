"""Why stopping early is safe, for any caller.

The engine stops only where no rule that could still fire is more urgent, but for what is left for staff below a red
flag; and from there no answer to come raises the urgency to a red flag's, nor at all when nothing is left for staff.
"""

import pytest
import z3

from tests.triage.proof.calls import early_stop
from tests.triage.proof.encoding import VALUE
from tests.triage.proof.expected import RED_FLAG
from tests.triage.proof.solving import state_where
from tests.triage.proof.states import random_states, signs_of
from voicebot.triage import Answer, decide, next_screen

SAID = [answer for answer in Answer if answer is not Answer.NOT_ASKED]
NO, NOT_ASKED = VALUE[Answer.NO], VALUE[Answer.NOT_ASKED]


def asked_by(ruleset, who, names):
    return [name for name in names if ruleset.questions[name].asked_by == who]


def test_the_engine_stops_only_where_nothing_more_urgent_is_open(ruleset):
    names = list(ruleset.questions)
    stopped = [state for state in random_states(names, 2000, seed=4) if next_screen(ruleset, state) is None]
    stopped += [
        early_stop(ruleset, truth, one_by_one=False) for truth in random_states(names, 100, seed=5, choices=SAID)
    ]
    assert len(stopped) >= 400
    for state in stopped:
        fired = [fired for fired in decide(ruleset, state).rules if fired.rule.all_of]
        urgency = max((rule.urgency for rule in fired), default=0)
        for rule in ruleset.rules:
            to_come = [name for name in rule.all_of if state.get(name, Answer.NOT_ASKED) is Answer.NOT_ASKED]
            denied = any(state.get(name) is Answer.NO for name in rule.all_of)
            left = fired and rule.level < RED_FLAG and asked_by(ruleset, "staff", to_come)
            if to_come and not denied and not left and not asked_by(ruleset, "nobody", to_come):
                assert rule.level <= urgency, f"{rule.id} is open: {signs_of(state)}"


@pytest.mark.parametrize("least", [1, RED_FLAG])
def test_from_there_no_answer_to_come_changes_the_urgency(ruleset, formulas, least):
    """From level 1 on when nothing is left for staff, from a red flag's level on whatever is left for them."""
    now = formulas.answers
    later = {name: z3.Const(f"{name} later", NO.sort()) for name in now}
    nobody, staff = (asked_by(ruleset, who, now) for who in ("nobody", "staff"))
    any_fired = z3.Or(*formulas.fires.values())

    def settled(rule):
        left = z3.Or(*(now[name] == NOT_ASKED for name in rule.all_of if name in staff))
        return z3.Or(
            formulas.urgency[rule.level] if rule.level > 1 else any_fired,
            *(now[name] == NO for name in rule.all_of),
            *(now[name] == NOT_ASKED for name in rule.all_of if name in nobody),
            z3.And(*(now[name] != NOT_ASKED for name in rule.all_of)),
            z3.And(any_fired, rule.level < RED_FLAG <= least, left),
        )

    stopped = z3.And(*(settled(rule) for rule in ruleset.rules if rule.all_of))
    answered_later = [
        z3.Or(later[name] == now[name], z3.And(now[name] == NOT_ASKED, name not in nobody)) for name in now
    ] + [later[name] != NOT_ASKED for name in now if name not in nobody]
    follow_ups_of_no_are_no = [
        z3.Or(later[name] == NO, *(later[trigger] != NO for trigger in question.asked_if))
        for name, question in ruleset.questions.items()
        if question.asked_if
    ]
    facts = [
        fact for steps in (formulas.urgency, formulas.if_no_person) for level, fact in steps.items() if level >= least
    ]
    changes = [fact != z3.substitute(fact, *((now[name], later[name]) for name in now)) for fact in facts]
    caller = state_where(z3.And(stopped, *answered_later, *follow_ups_of_no_are_no, z3.Or(*changes)), now)
    assert caller is None, signs_of(caller)
