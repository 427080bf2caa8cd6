"""Where a caller is, on live audio: a tone, their sound in a file of its own, and on to a person."""

from __future__ import annotations

import numpy as np
import pytest

from tests.test_line import PROMPT_MS, Wire
from voicebot.dialog.effects import RecordPlace, Transfer
from voicebot.dialog.events import PlaceRecorded
from voicebot.dialog.state import State, Step
from voicebot.line import Play
from voicebot.speech.codec import encode
from voicebot.speech.place import DONE_AFTER_MS, TONE_MS, tone
from voicebot.speech.scripted import ScriptedEars

FRAME_MS = 20


def speech(ms):
    """Return something with the level of speech: syllables of 160 ms, 100 ms apart."""
    noise = np.random.default_rng(1).normal(size=8 * ms) * 3000
    noise[(np.arange(8 * ms) // 8) % 260 > 160] /= 100
    return encode(noise.astype(np.int16))


class Caller(Wire):
    """A caller who was told to call nine one one, and refused; the line is about to ask where they are."""

    def __init__(self, ruleset, **more):
        state = State(step=Step.PLACE_CONSENT, place_asked=True, if_nobody="advice.call_911")
        super().__init__(ruleset, ScriptedEars([[], []]), state=state, **more)
        self.tones = 0
        self.take(self.line.key("1"))

    def take(self, orders):
        self.tones = getattr(self, "tones", 0) + sum(isinstance(one, Play) and one.audio == tone() for one in orders)
        super().take(orders)

    def hear_out(self):
        self.run(PROMPT_MS + TONE_MS + 3 * FRAME_MS)

    def speak(self, mulaw):
        for start in range(0, len(mulaw), 160):
            self.take(self.line.frame(mulaw[start : start + 160]))

    @property
    def kept(self):
        return self.book.places


@pytest.fixture
def caller(ruleset):
    return Caller(ruleset)


def test_a_tone_follows_the_words_and_what_is_said_after_it_is_kept(caller):
    assert caller.book.last(RecordPlace).max_ms == 20_000
    assert caller.tones == 1
    caller.hear_out()
    caller.speak(speech(3000))
    caller.run(DONE_AFTER_MS + 200)
    ((sound, starts_at_ms),) = caller.kept
    assert speech(3000) in sound
    assert starts_at_ms >= PROMPT_MS + TONE_MS
    assert caller.book.last(PlaceRecorded).ms == len(sound) // 8
    assert isinstance(caller.book.messages[-1], Transfer)


def test_what_is_said_before_the_tone_is_not_kept(caller):
    caller.speak(speech(PROMPT_MS // 2))
    assert caller.kept == []


def test_who_says_nothing_is_put_through_and_nothing_is_kept(caller):
    caller.hear_out()
    caller.run(DONE_AFTER_MS + 200)
    assert caller.book.last(PlaceRecorded).ms == 0
    assert caller.kept == []


def test_a_key_ends_it(caller):
    caller.hear_out()
    caller.speak(speech(1000))
    caller.take(caller.line.key("5"))
    assert caller.book.last(PlaceRecorded).ms >= 1000
    assert len(caller.kept) == 1


def test_it_is_never_longer_than_allowed(caller):
    caller.hear_out()
    caller.speak(speech(25_000))
    assert caller.book.last(PlaceRecorded).ms == 20_000


@pytest.mark.parametrize("end", ["lost", "hung_up"])
def test_what_was_said_until_the_line_broke_is_kept(caller, end):
    caller.hear_out()
    caller.speak(speech(1000))
    caller.line.lost("stream_stopped") if end == "lost" else caller.line.hung_up()
    assert len(caller.kept) == 1


def test_without_consent_to_the_whole_call_nothing_else_is_kept(caller):
    caller.hear_out()
    caller.speak(speech(1000))
    caller.run(DONE_AFTER_MS + 200)
    assert caller.book.frames == []


def test_lost_marks_only_delay_it(ruleset):
    caller = Caller(ruleset, lose_marks=True)
    caller.hear_out()
    caller.run(3100)
    caller.speak(speech(1000))
    caller.run(DONE_AFTER_MS + 200)
    assert len(caller.kept) == 1
