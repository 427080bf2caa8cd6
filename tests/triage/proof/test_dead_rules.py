"""Every rule earns its place: without it, somebody would be decided otherwise."""

from dataclasses import replace

from tests.triage.proof.encoding import encode
from tests.triage.proof.outcome import engine_outcome
from tests.triage.proof.solving import difference, state_where

WORDS_ONLY = {
    # Whoever is numb when standing goes to the same places at the same level. The rule says which cause of the clinic's
    # own page it fits when leaning forward helps, and staff read it before the visit.
    "spinal-stenosis",
}


def test_every_rule_decides_somebody(ruleset, formulas):
    dead = set()
    for rule in (rule for rule in ruleset.rules if rule.all_of):
        without = replace(ruleset, rules=tuple(other for other in ruleset.rules if other is not rule))
        caller = state_where(difference(formulas.facts(), encode(without).facts()), formulas.answers)
        if caller is None:
            dead.add(rule.id)
        else:
            assert engine_outcome(without, caller) != engine_outcome(ruleset, caller)
    assert dead == WORDS_ONLY
