"""docs/safety.md, which staff read, tells what the line does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voicebot import assets
from voicebot.dialog.effects import PageReason, Refusal
from voicebot.dialog.emergency import PLACE_MAX_MS
from voicebot.dialog.staying import DEAD_AFTER_MS, MAX_CALL_MS, TRY_AGAIN_AFTER
from voicebot.speech.prompts import Prompts
from voicebot.storage.callers import KEPT_FOR
from voicebot.telephony.pager import SIGNATURE_HEADER, TIMESTAMP_HEADER
from voicebot.telephony.returning import WITHIN

PAGE = (Path(__file__).parents[2] / "docs" / "safety.md").read_text()
FLAT = " ".join(PAGE.split())
QUOTED = re.findall(r'- `([a-z_.0-9]+)`: "([^"]+)"', FLAT)


@pytest.mark.parametrize(("prompt", "words"), QUOTED)
def test_what_it_quotes_is_what_is_said(prompt, words):
    assert Prompts.load(assets.PROMPTS).by_id[prompt].text == words


def test_it_quotes_the_questions_of_callers_in_danger():
    assert {"will_call", "place", "suicide.heard", "staying", "welcome_back"} <= {prompt for prompt, _ in QUOTED}


@pytest.mark.parametrize("told", [*PageReason, *Refusal])
def test_every_reason_for_a_page_and_every_refusal_has_a_row(told):
    assert f"| `{told}` |" in PAGE


@pytest.mark.parametrize(
    "told",
    [
        f"up to {PLACE_MAX_MS // 1000} seconds",
        f"after every {TRY_AGAIN_AFTER} silences",
        f"{DEAD_AFTER_MS // 60_000} minutes without any sound or key",
        f"{MAX_CALL_MS // 3_600_000} hours, where carriers end every call",
        f"within {WITHIN.total_seconds() / 60:.0f} minutes",
        f"{KEPT_FOR.total_seconds() / 3600:.0f} hours later",
        TIMESTAMP_HEADER,
        SIGNATURE_HEADER,
        "No clinician has approved any of this.",
    ],
)
def test_its_figures_are_those_of_the_code(told):
    assert told in FLAT
