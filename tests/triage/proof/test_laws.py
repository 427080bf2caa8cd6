"""Each law sees a rule set that breaks it."""

from dataclasses import replace

import pytest

from tests.triage.proof import laws
from voicebot.triage import Destination, Urgency


def with_rule(ruleset, name, **fields):
    return replace(
        ruleset, rules=tuple(rule.model_copy(update=fields) if rule.id == name else rule for rule in ruleset.rules)
    )


@pytest.mark.parametrize(
    ("law", "fields", "told"),
    [
        (laws.monotone, {"level": Urgency.PRIMARY_CARE}, "a stronger answer to swollen lowers the urgency"),
        (laws.same_as_the_reference, {"level": Urgency.SAME_DAY}, "the reference decides otherwise"),
        (laws.level_and_destination, {"level": Urgency.CALL_911}, "911 without an ambulance"),
        (laws.level_and_destination, {"destinations": (Destination.SPINE,)}, "a caller has nowhere to go"),
        (laws.self_care_takes_a_no_to_everything, {"level": Urgency.SELF_CARE}, "self-care with a question open"),
    ],
)
def test_a_broken_rule_set_is_told_with_a_caller(ruleset, expected, law, fields, told):
    faults = list(law(with_rule(ruleset, "clot-in-leg", **fields), expected))
    assert any(fault.startswith(told) and "swollen" in fault for fault in faults)
