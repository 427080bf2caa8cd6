"""Fixtures of the dialog's tests."""

from __future__ import annotations

import pytest

from tests.dialog.walks import CONNECTED, STARTED
from voicebot.dialog.machine import fold


@pytest.fixture
def call(ruleset):
    """Return a function: the events after the greeting -> state and the last event's effects."""

    def run(*events):
        state, history = fold(ruleset, [STARTED, CONNECTED, *events])
        return state, history[-1][1]

    return run
