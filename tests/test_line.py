"""Live audio without I/O, with ears that hear what a script says."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.dialog.effects import Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Fault, Heard, KeyPressed, NoInput, Played
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.errors import VoicebotError
from voicebot.line import MARK_GRACE_MS, SILENCE, Clear, Close, Line, Play
from voicebot.session import Session
from voicebot.speech.ears import Utterance
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars

FRAME = SILENCE * 160
FRAME_MS = 20
PROMPT_MS = 1000


class Tones:
    """A voice whose every prompt lasts a second."""

    def mulaw(self, prompt_id):
        return b"\x55" * (PROMPT_MS * 8)


class Notebook:
    """A store and a recorder in memory."""

    def __init__(self):
        self.messages = []
        self.frames = []

    def append(self, call_id, entries):
        self.messages += [entry.message for entry in entries]

    def write(self, caller, line):
        assert len(caller) == len(line)
        self.frames.append((caller, line))

    def last(self, kind):
        return next(message for message in reversed(self.messages) if isinstance(message, kind))


class Deaf:
    """Ears that break."""

    def listen(self, phrases, understand):
        return self

    def feed(self, mulaw):
        raise VoicebotError("ears_failed", "broken")


class Wire:
    """A carrier without a network: plays in real time of the frames it sends, echoes marks."""

    def __init__(self, ruleset, ears, *, lose_marks=False, state=None):
        self.book = Notebook()
        session = Session(ruleset, self.book, "call", state or State(), 0)
        session.handle(CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64))
        self.session = session
        self.line = Line(session, ears, Grammars.load(assets.GRAMMARS), Tones(), self.book, opened_ms=0)
        self.lose_marks = lose_marks
        self.queue = []
        self.closed = False
        self.cleared = 0
        self.take(self.line.start())

    def take(self, orders):
        for order in orders:
            match order:
                case Play(audio, mark):
                    self.queue.append([len(audio), mark])
                case Clear():
                    self.cleared += 1
                    marks, self.queue = [mark for _, mark in self.queue], []
                    for mark in marks:
                        self.take(self.line.mark(mark))
                case Close():
                    self.closed = True

    def run(self, ms):
        for _ in range(ms // FRAME_MS):
            self.take(self.line.frame(FRAME))
            if self.queue:
                self.queue[0][0] -= len(FRAME)
                if self.queue[0][0] <= 0:
                    _, mark = self.queue.pop(0)
                    if not self.lose_marks:
                        self.take(self.line.mark(mark))


def says(words, at_ms, *, lasts_ms=400, confidence=0.95):
    return Utterance(words, confidence, at_ms, at_ms + lasts_ms, at_ms + lasts_ms + 500)


GREETED_MS = 2 * PROMPT_MS + FRAME_MS
"""Greeting and first question; listening opens with the question."""


def test_greets_and_then_hears_the_answer(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("yes", PROMPT_MS + 300)]]))
    assert wire.session.state.step is Step.TOPIC
    wire.run(GREETED_MS + 2000)
    heard = wire.book.last(Heard)
    assert heard.meaning is Meaning.YES
    assert heard.started_ms == pytest.approx(GREETED_MS + 300, abs=2 * FRAME_MS)
    assert not heard.over_prompt
    assert wire.session.state.step is Step.SCREEN


def test_nothing_is_heard_during_the_disclosures(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("yes", 100)]]))
    wire.run(PROMPT_MS)
    assert wire.session.state.step is Step.TOPIC


def test_an_answer_over_the_question_clears_it_within_a_frame(ruleset):
    wire = Wire(ruleset, ScriptedEars([[Utterance("yes", 0.95, 310, 500, 700)]]))
    wire.run(PROMPT_MS + 800)
    assert wire.cleared == 1
    assert wire.book.last(Heard).over_prompt


def test_noise_over_the_question_interrupts_nothing(ruleset):
    wire = Wire(ruleset, ScriptedEars([[Utterance("[unk]", 0.95, 310, 500, 700)]]))
    wire.run(PROMPT_MS + 900)
    assert wire.cleared == 0
    assert wire.session.state.step is Step.TOPIC


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


def test_a_key_cuts_the_greeting(ruleset):
    wire = Wire(ruleset, ScriptedEars([]))
    wire.run(500)
    wire.take(wire.line.key("1"))
    assert wire.cleared == 1
    assert wire.book.last(KeyPressed).over_prompt
    assert wire.session.state.step is Step.SCREEN


def test_closes_only_after_the_last_words_were_heard(ruleset):
    wire = Wire(ruleset, ScriptedEars([]))
    wire.run(GREETED_MS)
    wire.take(wire.line.key("2"))
    assert wire.session.state.closing[-1] == Transfer(Target.FRONT_DESK)
    wire.run(PROMPT_MS - 2 * FRAME_MS)
    assert not wire.closed
    wire.run(3 * FRAME_MS)
    assert wire.closed
    assert wire.book.last(Played)


def test_sound_is_kept_only_from_consent_on(ruleset):
    wire = Wire(ruleset, ScriptedEars([]))
    wire.run(GREETED_MS)
    assert not wire.book.frames
    agreed = Wire(ruleset, ScriptedEars([]), state=State(step=Step.TOPIC, consent=True))
    agreed.run(PROMPT_MS)
    assert len(agreed.book.frames) == PROMPT_MS // FRAME_MS
    assert any(line != FRAME for _, line in agreed.book.frames)


def test_broken_ears_lead_to_a_person(ruleset):
    wire = Wire(ruleset, Deaf())
    wire.run(PROMPT_MS + 200)
    assert wire.book.last(Fault).code == "ears_failed"
    assert wire.book.last(Transfer).target is Target.FRONT_DESK


def test_the_stream_may_be_opened_again_on_the_same_call(ruleset):
    wire = Wire(ruleset, ScriptedEars([]))
    wire.run(GREETED_MS)
    wire.line.lost("socket_closed")
    again = Line(wire.session, ScriptedEars([]), Grammars.load(assets.GRAMMARS), Tones(), wire.book, opened_ms=5000)
    orders = again.start()
    assert wire.session.state.channel is Channel.STREAM
    assert [order.mark.split(":")[1] for order in orders if isinstance(order, Play)] == ["resumed", "about_leg"]
    assert again.now_ms == 5000
