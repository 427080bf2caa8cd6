"""The proofs speak of the engine only if the formulas do: both say the same of every caller drawn."""

import z3

from tests.triage.proof.outcome import Outcome
from tests.triage.proof.solving import answered
from voicebot.triage import Destination


def test_the_formulas_say_what_the_engine_decides(decided, formulas):
    facts = formulas.facts()
    all_at_once = z3.Concat(*(z3.If(fact, z3.BitVecVal(1, 1), z3.BitVecVal(0, 1)) for fact in facts.values()))
    for state, outcome in decided:
        bits = z3.simplify(answered(all_at_once, state, formulas.answers)).as_long()
        true = {name for place, name in enumerate(reversed(facts)) if bits >> place & 1}
        assert _outcome(true) == outcome


def _outcome(true):
    return Outcome(
        urgency=sum(f"urgency {level}" in true for level in range(1, 6)),
        destinations=frozenset(str(place) for place in Destination if f"to {place}" in true),
        live_person="live person" in true,
        urgency_if_no_person=sum(f"urgency {level} if no person" in true for level in range(1, 6)),
    )
