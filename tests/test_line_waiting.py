"""How long live audio waits for an answer, and what it takes for one."""

from __future__ import annotations

from tests.test_line import FRAME_MS, GREETED_MS, PROMPT_MS, Wire
from voicebot.dialog.events import Heard, NoInput
from voicebot.dialog.turn import MAX_ANSWER_MS
from voicebot.line import MARK_GRACE_MS
from voicebot.speech.scripted import ScriptedEars


def test_silence_is_no_input_after_the_wait(ruleset):
    wire = Wire(ruleset, ScriptedEars([]))
    wire.run(GREETED_MS + 4900)
    assert not any(isinstance(message, NoInput) for message in wire.book.messages)
    wire.run(200)
    assert wire.book.last(NoInput)


def test_a_lost_mark_only_delays(ruleset):
    wire = Wire(ruleset, ScriptedEars([]), lose_marks=True)
    wire.run(2 * PROMPT_MS + MARK_GRACE_MS + 5100)
    assert wire.book.last(NoInput)


def test_speech_without_words_delays_the_no_input_and_noise_does_not_for_ever(ruleset):
    class Mumbling:
        """Ears that hear a voice and no words, for a while."""

        background_db = -60.0

        def __init__(self, until_ms):
            self.left = until_ms

        def listen(self, phrases, understand, _background_db=None):
            over_the_greeting = understand("yes") is None
            return ScriptedEars([]).listen(phrases) if over_the_greeting else self

        @property
        def quiet_ms(self):
            return 0 if self.left > 0 else 500

        def feed(self, mulaw):
            self.left -= FRAME_MS
            return []

    wire = Wire(ruleset, Mumbling(PROMPT_MS + 3000))
    wire.run(GREETED_MS + 7900)
    assert not any(isinstance(message, NoInput) for message in wire.book.messages)
    wire.run(200)
    assert wire.book.last(NoInput)
    wire = Wire(ruleset, Mumbling(10**9))
    wire.run(GREETED_MS + MAX_ANSWER_MS + 100)
    assert wire.book.last(Heard).meaning is None
