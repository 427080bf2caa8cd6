"""What the tests of simulated calls share."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.simulate.scenario import Scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
AUDIO = Path(__file__).parent.parent / "audio"


@pytest.fixture
def make_scenario():
    """A scenario from the tables of its file."""

    def make(**tables):
        return Scenario.model_validate({"name": "made", "about": "made for a test", **tables})

    return make
