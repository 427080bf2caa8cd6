"""Fixtures every room may use."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.triage.ruleset import parse_ruleset


@pytest.fixture(scope="session")
def ruleset():
    """The bundled rule set."""
    return parse_ruleset(assets.RULESET.read_text(), assets.RULESET.name)
