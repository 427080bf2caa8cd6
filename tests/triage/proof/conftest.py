"""What several proofs share, made once."""

from __future__ import annotations

import pytest

from tests.triage.proof.encoding import encode
from tests.triage.proof.expected import read_expected
from tests.triage.proof.outcome import engine_outcome
from tests.triage.proof.states import random_states


@pytest.fixture(scope="session")
def formulas(ruleset):
    """The bundled rule set as logic."""
    return encode(ruleset)


@pytest.fixture(scope="session")
def expected():
    """The clinical reference."""
    return read_expected()


@pytest.fixture(scope="session")
def decided(ruleset):
    """Ten thousand callers, each with what the engine decides for them."""
    return [(state, engine_outcome(ruleset, state)) for state in random_states(list(ruleset.questions), 10_000, seed=1)]
