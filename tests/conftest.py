"""Fixtures every room may use."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.simulate.in_process import Clinic
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore
from voicebot.triage.ruleset import parse_ruleset


@pytest.fixture(scope="session")
def ruleset():
    """The bundled rule set."""
    return parse_ruleset(assets.RULESET.read_text(), assets.RULESET.name)


@pytest.fixture(scope="session")
def grammars():
    """The bundled grammars."""
    return Grammars.load(assets.GRAMMARS)


@pytest.fixture
def clinic(ruleset, grammars):
    """The line of text mode, with a store in memory."""
    return Clinic(ruleset, assets.RULESET.read_text(), grammars, MemoryStore())


@pytest.fixture(scope="session")
def rendered_prompts(tmp_path_factory):
    """A folder in which the prompts are rendered once, by the first server of a test that has its prompts there."""
    return tmp_path_factory.mktemp("prompts")


@pytest.fixture
def server_dir(tmp_path, rendered_prompts):
    """A server's folder, with the prompts of every other server."""
    (tmp_path / "prompts").symlink_to(rendered_prompts)
    return tmp_path
