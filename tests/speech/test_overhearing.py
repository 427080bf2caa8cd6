"""Over what cannot be interrupted callers in danger are heard, and the line's own advice coming back is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.overhearing import MS, URGENT, echo_of, overheard, spoken_over
from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.simulate.voices import Voices
from voicebot.speech import codec
from voicebot.speech.grammars import Grammars
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice
from voicebot.wiring import load_prompts

AUDIO = Path(__file__).parents[1] / "audio"
GRAMMARS = Grammars.load(assets.GRAMMARS)
SPOKEN = ("greeting", "emergency.heard", "advice.call_911", "call_now.elsewhere", "suicide.heard", "call_again")
"""What cannot be interrupted and speaks of emergencies; of 37 such, these were the likeliest to be misheard."""
NOT_URGENT = (
    "my leg hurts", "my back hurts", "i'm having leg pain", "i have back pain", "my husband is having leg pain",
    "it's not an emergency", "i don't want to kill myself", "i'm calling about my leg", "operator", "yes",
)  # fmt: skip
"""What callers of this line say, a sound away from what is urgent."""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory, ruleset):
    prompts = load_prompts(ruleset)
    few = Prompts({prompt: prompts.by_id[prompt] for prompt in SPOKEN})
    return Voice().prepare(few, tmp_path_factory.mktemp("cache"), assets.PROMPTS / "recordings")


@pytest.fixture(scope="module")
def caller():
    return Voices(AUDIO).cast("synthetic", {*URGENT, *NOT_URGENT}, 1).sounds


@pytest.mark.parametrize(("words", "meaning"), URGENT.items())
def test_urgent_words_are_heard(ears, caller, words, meaning):
    (event,) = overheard(ears, GRAMMARS, codec.SILENCE * (800 * MS) + caller[words])
    assert (event.meaning, event.words, event.urgent_only) == (meaning, words, True)


@pytest.mark.parametrize("words", NOT_URGENT)
def test_what_sounds_like_them_is_not(ears, caller, words):
    assert overheard(ears, GRAMMARS, codec.SILENCE * (800 * MS) + caller[words]) == []


@pytest.mark.parametrize(("delay_ms", "level_db", "noise_db"), [(20, -6, None), (140, -30, 0), (400, -30, -5)])
def test_the_lines_own_voice_is_never_urgent(ears, spoken, delay_ms, level_db, noise_db):
    played = b"".join(map(spoken.mulaw, SPOKEN))
    assert overheard(ears, GRAMMARS, echo_of(played, delay_ms, level_db, noise_db), played) == []


def test_a_caller_is_heard_over_the_line_and_its_soft_echo(ears, spoken, caller):
    played, words = spoken.mulaw("greeting"), "i want to kill myself"
    (event,) = overheard(ears, GRAMMARS, spoken_over(played, codec.decode(caller[words]), -50), played)
    assert event.meaning is Meaning.SUICIDE
    assert event.over_prompt
