"""Calls with recorded voices through the real ears. Prompts are short and silent: these tests are about listening."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.simulate.audio_calls import AudioCalls
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.voices import Voices
from voicebot.speech.locate_model import locate_model
from voicebot.speech.voice import Voice
from voicebot.speech.vosk_ears import VoskEars
from voicebot.wiring import load_prompts

TESTS = Path(__file__).parent.parent
PROMPT_SAMPLES = 8 * 2000
"""2 s, so that a prompt can be interrupted."""


@pytest.fixture(scope="module")
def voices():
    return Voices(TESTS / "audio")


@pytest.fixture(scope="module")
def ears():
    return VoskEars(locate_model(None))


@pytest.fixture(scope="module")
def prompts(ruleset, tmp_path_factory):
    silent = Voice(lambda scripts: (np.zeros(PROMPT_SAMPLES, np.int16) for _ in scripts), "silence for tests")
    recordings = assets.PROMPTS / "recordings"
    return silent.prepare(load_prompts(ruleset), tmp_path_factory.mktemp("prompts"), recordings)


@pytest.fixture
def calls(clinic, ears, prompts, voices):
    return AudioCalls(clinic, ears, prompts, voices)


@pytest.mark.parametrize(
    "name",
    [
        "stroke",
        "barge-in",
        "silence-on-red-flag",
        "keypad",
        "hang-up",
        "person-asked-for",
        "noisy-line",
        "second-thought",
        "second-thought-during-advice",
    ],
)
def test_scenario(name, calls, ruleset):
    run = calls.place(read_scenario(TESTS / "scenarios" / f"{name}.toml", ruleset), seed=1)
    assert run.failures == ()
    assert run.synthetic == (("operator",) if name == "person-asked-for" else ())


@pytest.mark.parametrize(
    "name",
    [
        "emergency-over-greeting",
        "emergency-over-advice",
        "emergency-over-last-words",
        "suicide-over-greeting",
        "suicide-over-last-words",
    ],
)
def test_urgent_words_over_what_cannot_be_interrupted(name, calls, ruleset):
    run = calls.place(read_scenario(TESTS / "scenarios" / f"{name}.toml", ruleset), seed=1)
    assert run.failures == ()


def test_a_stream_that_is_cut_is_opened_again(calls, make_scenario):
    scenario = make_scenario(answers={"face_droop": "yes"}, line={"drop_after_s": 4.0})
    run = calls.place(scenario, seed=1)
    assert "resumed" in run.facts.said
    assert run.facts.outcome == "call_911"


def test_the_same_seed_gives_the_same_call(calls, make_scenario):
    scenario = make_scenario(answers={"face_droop": "yes"}, line={"snr_db": 20})
    runs = [calls.place(scenario, seed=2) for _ in range(2)]
    assert runs[0].facts == runs[1].facts
