"""Over what cannot be interrupted callers in danger are heard, and the line's own advice coming back is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.simulate.voices import Voices
from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.echo import Echo
from voicebot.speech.grammars import Grammars
from voicebot.speech.overhearing import Overhearing
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice
from voicebot.wiring import load_prompts

AUDIO = Path(__file__).parents[1] / "audio"
GRAMMARS = Grammars.load(assets.GRAMMARS)
MS = codec.BYTES_PER_MS
FRAME = 20 * MS
SPOKEN = ("greeting", "emergency.heard", "advice.call_911", "call_now.elsewhere", "suicide.heard", "call_again")
"""What cannot be interrupted and speaks of emergencies; of 37 such, these were the likeliest to be misheard."""
URGENT = {
    "i think i'm having a stroke": Meaning.EMERGENCY,
    "my chest hurts": Meaning.EMERGENCY,
    "i want to kill myself": Meaning.SUICIDE,
}
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


def overheard(ears, heard, played=b""):
    """Return the urgent words heard over what the line played, and the silence after both."""
    length = max(len(heard), len(played)) + 1500 * MS
    heard, played = heard.ljust(length, codec.SILENCE), played.ljust(length, codec.SILENCE)
    echo = Echo(0)
    ear = Overhearing(ears, GRAMMARS, echo, None, 0)
    found = []
    for start in range(0, length - FRAME + 1, FRAME):
        piece = slice(start, start + FRAME)
        echo.take(heard[piece], played[piece])
        if event := ear.hear(heard[piece], (start + FRAME) // MS):
            found.append(event)
    return found


def echo_of(played, delay_ms, level_db, noise_db=None):
    """Return what comes back of mu-law from a room, under a recorded noise so much louder than it, if any."""
    room = np.zeros(200)
    room[[0, 23, 150]] = 1.0, 0.5, 0.3
    sound = codec.decode(played + codec.SILENCE * (delay_ms * MS)).astype(float)
    back = np.convolve(np.concatenate([np.zeros(delay_ms * MS), sound]), room)[: len(sound)] * 10 ** (level_db / 20)
    if noise_db is not None:
        noise = np.resize(read_audio(AUDIO / "noise" / "speechbrain_noise3.flac").astype(float), len(back))
        back = back + noise / noise.std() * back.std() * 10 ** (noise_db / 20)
    return codec.encode(np.clip(back, -32768, 32767).astype(np.int16))


@pytest.mark.parametrize(("words", "meaning"), URGENT.items())
def test_urgent_words_are_heard(ears, caller, words, meaning):
    (event,) = overheard(ears, codec.SILENCE * (800 * MS) + caller[words])
    assert (event.meaning, event.words, event.urgent_only) == (meaning, words, True)


@pytest.mark.parametrize("words", NOT_URGENT)
def test_what_sounds_like_them_is_not(ears, caller, words):
    assert overheard(ears, codec.SILENCE * (800 * MS) + caller[words]) == []


@pytest.mark.parametrize(("delay_ms", "level_db", "noise_db"), [(20, -6, None), (140, -30, 0), (400, -30, -5)])
def test_the_lines_own_voice_is_never_urgent(ears, spoken, delay_ms, level_db, noise_db):
    played = b"".join(map(spoken.mulaw, SPOKEN))
    assert overheard(ears, echo_of(played, delay_ms, level_db, noise_db), played) == []


def test_a_caller_is_heard_over_the_line_and_its_soft_echo(ears, spoken, caller):
    played, words = spoken.mulaw("greeting"), "i want to kill myself"
    sound = codec.decode(echo_of(played, 140, -50)).astype(float)
    voice = codec.decode(caller[words])
    sound[2000 * MS : 2000 * MS + len(voice)] += voice
    (event,) = overheard(ears, codec.encode(sound.astype(np.int16)), played)
    assert event.meaning is Meaning.SUICIDE
    assert event.over_prompt
