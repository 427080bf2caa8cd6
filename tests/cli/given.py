"""The command line as a person runs it, over a data folder of its own."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tests.calls.given import place_call
from voicebot.config import load_settings
from voicebot.wiring import open_store

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet


def stored_call(ruleset: RuleSet, *yes: str, hang_up_after: int = 100) -> str:
    """Keep a call in the data folder of the environment and return its id."""
    with closing(open_store(load_settings())) as store:
        return place_call(store, ruleset, *yes, hang_up_after=hang_up_after)
