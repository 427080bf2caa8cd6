"""Fixtures every room may use."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.config import Settings
from voicebot.wiring import load_ruleset


@pytest.fixture(scope="session")
def ruleset():
    """The bundled rule set."""
    return load_ruleset(Settings(rules=assets.RULESET))
