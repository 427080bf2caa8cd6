"""The line's own voice comes back from the caller's telephone, and no word of it is taken for an answer."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.dialog.effects import Say
from voicebot.dialog.events import CallStarted, Event, Heard, NoInput, SecondThought
from voicebot.dialog.state import State, Step
from voicebot.line import Clear, Close, Line, Play
from voicebot.session import Session
from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.grammars import Grammars
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice
from voicebot.speech.vosk_ears import VoskEars
from voicebot.wiring import load_prompts

NOISE = Path(__file__).parent / "audio" / "noise" / "speechbrain_noise3.flac"
FRAME = 20 * codec.BYTES_PER_MS
DELAY_FRAMES = 7
"""An echo over the telephone network takes about so many frames."""
SPOKEN = (
    "greeting", "greeting.spanish", "about_leg", "about_leg.again", "no_input.1", "no_input.2",
    "no_match.1", "no_match.2", "keys_hint",
    "to_person.not_understood", "to_person.fault",
)  # fmt: skip
"""What a silent caller hears; the words yes, no, not sure and a person are among them."""


@pytest.fixture(scope="module")
def voice(tmp_path_factory, ruleset):
    prompts = load_prompts(ruleset)
    spoken = Prompts({prompt: prompts.by_id[prompt] for prompt in SPOKEN})
    return Voice().prepare(spoken, tmp_path_factory.mktemp("cache"), assets.PROMPTS / "recordings")


@pytest.fixture(scope="module")
def ears():
    return VoskEars(assets.MODEL)


class Book:
    """A store in memory."""

    def __init__(self):
        self.events = []
        self.said = []

    def append(self, call_id, entries):
        messages = [entry.message for entry in entries]
        self.events += [message for message in messages if isinstance(message, Event)]
        self.said += [prompt for message in messages if isinstance(message, Say) for prompt in message.prompts]

    def write(self, caller, line): ...


def hold_call(ruleset, ears, voice, *, echo_db, noise=None):
    """Hold a call with a caller who says nothing and whose telephone gives back the line's voice; return its record."""
    book = Book()
    session = Session(ruleset, book, "call", State(), 0)
    session.handle(CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64))
    line = Line(session, ears, Grammars.load(assets.GRAMMARS), voice, book, 0)
    queue, marks, closed = bytearray(), [], False
    echoes = deque([np.zeros(FRAME)] * DELAY_FRAMES)
    orders, frames = line.start(), 0
    while not closed:
        for order in orders:
            match order:
                case Play(audio, mark):
                    queue += audio
                    marks.append((len(queue), mark))
                case Clear():
                    queue.clear()
                    marks.clear()
                case Close():
                    closed = True
        played = bytes(queue[:FRAME]).ljust(FRAME, codec.SILENCE)
        del queue[:FRAME]
        marks = [(left - FRAME, mark) for left, mark in marks]
        echoes.append(codec.decode(played) * 10 ** (echo_db / 20))
        sound = echoes.popleft()
        if noise is not None:
            sound = sound + np.take(noise, range(frames * FRAME, (frames + 1) * FRAME), mode="wrap")
        frames += 1
        orders = line.frame(codec.encode(np.clip(sound, -32768, 32767).astype(np.int16)))
        for left, mark in list(marks):
            if left <= 0:
                marks.remove((left, mark))
                orders += line.mark(mark)
    return book, session


@pytest.mark.parametrize("echo_db", [-20, -30])
def test_the_lines_own_voice_is_no_answer(ruleset, ears, voice, echo_db):
    book, session = hold_call(ruleset, ears, voice, echo_db=echo_db)
    assert not [event for event in book.events if isinstance(event, Heard | SecondThought)]
    assert [type(event) for event in book.events].count(NoInput) == 3
    assert book.said[-1] == "to_person.not_understood"
    assert session.state.step is Step.CLOSING


def test_noise_over_the_prompts_interrupts_nothing(ruleset, ears, voice):
    noise = read_audio(NOISE).astype(float)
    book, _ = hold_call(ruleset, ears, voice, echo_db=-30, noise=noise * 1000 / noise.std())
    assert not [event for event in book.events if isinstance(event, Heard) and event.meaning is not None]
    assert not [event for event in book.events if isinstance(event, SecondThought)]
    assert book.said.count("greeting") == 1
