"""The bundled rule set has every property, whoever calls."""

import pytest

from tests.triage.proof.properties import PROPERTIES


@pytest.mark.parametrize("law", PROPERTIES, ids=lambda law: law.__name__)
def test_the_rule_set_has_the_property(ruleset, expected, law):
    assert list(law(ruleset, expected)) == []
