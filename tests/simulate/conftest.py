"""What the tests of simulated calls share."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot import assets
from voicebot.simulate.in_process import Clinic
from voicebot.simulate.scenario import Scenario
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore

SCENARIOS = Path(__file__).parent.parent / "scenarios"
AUDIO = Path(__file__).parent.parent / "audio"


@pytest.fixture(scope="session")
def grammars():
    return Grammars.load(assets.GRAMMARS)


@pytest.fixture
def clinic(ruleset, grammars):
    return Clinic(ruleset, assets.RULESET.read_text(), grammars, MemoryStore())


@pytest.fixture
def make_scenario():
    """A scenario from the tables of its file."""

    def make(**tables):
        return Scenario.model_validate({"name": "made", "about": "made for a test", **tables})

    return make
