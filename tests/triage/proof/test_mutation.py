"""No slip of the pen goes unseen: each is killed by a property, or decides nobody otherwise, for a reason."""

from tests.triage.proof.mutants import Mutant
from tests.triage.proof.mutation import judge, judge_all, report


def test_every_mutant_is_killed_or_equivalent_for_a_reason(ruleset):
    verdicts = list(judge_all(ruleset))
    assert len(verdicts) > 1000
    unseen = [verdict for verdict in verdicts if not verdict.killed_by and not verdict.equivalent]
    assert unseen == [], report(verdicts)


def test_the_unchanged_rule_set_is_killed_by_nothing(ruleset, formulas, expected):
    for question in ruleset.questions:
        verdict = judge(Mutant("unchanged", question, ruleset, frozenset({question})), ruleset, formulas, expected)
        assert not verdict.killed_by
        assert not verdict.survived
