"""An ear on a call tells times of the call, and says nothing of the line's own voice."""

from __future__ import annotations

import numpy as np

from voicebot import assets
from voicebot.speech import codec
from voicebot.speech.answering import Answering
from voicebot.speech.call_ear import CallEar
from voicebot.speech.ears import Utterance
from voicebot.speech.echo import Echo
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars

FROM_MS = 7000
SOUND = codec.encode((np.random.default_rng(1).normal(size=16_000) * 2000).astype(np.int16))
"""Two seconds that are like nothing but themselves."""


def told(played):
    """Return what an ear opened late in a call tells of a "yes", while the line played this."""
    echo = Echo(FROM_MS)
    ears = ScriptedEars([[Utterance("yes", 0.99, 300, 900, 1400)]])
    answering = Answering(ears, Grammars.load(assets.GRAMMARS), "yes_no", red_flag=False)
    ear = CallEar(answering, echo, FROM_MS)
    echo.take(SOUND, played)
    return ear.feed(SOUND), ear


def test_times_are_the_calls():
    (answer,), ear = told(codec.SILENCE * len(SOUND))
    said = answer.utterance
    assert (said.started_ms, said.ended_ms) == (FROM_MS + 300, FROM_MS + 900)
    assert said.decided_ms > said.ended_ms
    assert ear.idle
    assert not ear.voice


def test_the_lines_own_voice_is_passed_over():
    answers, _ = told(SOUND)
    assert answers == []
