"""Fixtures of ears and grammars."""

from __future__ import annotations

import textwrap

import pytest

from voicebot import assets
from voicebot.speech.vosk_ears import VoskEars


@pytest.fixture(scope="session")
def ears():
    """The bundled model, loaded once."""
    return VoskEars(assets.MODEL)


@pytest.fixture
def grammar_folder(tmp_path):
    """Return a function that writes text as the only grammar, `g`, of a folder and returns the folder."""

    def write(text):
        (tmp_path / "g.yaml").write_text(textwrap.dedent(text).strip() + "\n")
        return tmp_path

    return write
