"""Live audio without I/O, with ears that hear what a script says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voicebot import assets
from voicebot.dialog.asking import next_asking
from voicebot.dialog.effects import Say, Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Fault, Heard, KeyPressed, NoInput, Played, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.dialog.turn import EARLY_MS, LONG_QUIET_MS, QUIET_MS, REOPEN_MS, REPEAT_MS, SOON_MS
from voicebot.errors import VoicebotError
from voicebot.line import SILENCE, Clear, Close, Line, Play
from voicebot.session import Session
from voicebot.speech.ears import Utterance
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars
from voicebot.triage.levels import Urgency

FRAME = SILENCE * 160
FRAME_MS = 20
PROMPT_MS = 1000


class Tones:
    """A voice whose every prompt lasts a second, spoken slower two; the greeting is one prompt to it."""

    def mulaw(self, prompt_id, *, slow=False):
        if prompt_id == "greeting.spanish":
            return b""
        return b"\x55" * (PROMPT_MS * (2 if slow else 1) * 8)


class Notebook:
    """A store and a recorder in memory."""

    def __init__(self):
        self.messages = []
        self.frames = []
        self.places = []
        self.numbers = []

    def append(self, call_id, entries):
        self.messages += [entry.message for entry in entries]

    def write(self, caller, line):
        assert len(caller) == len(line)
        self.frames.append((caller, line))

    def keep_number(self, number):
        self.numbers.append(number)

    def keep_place(self, mulaw, starts_at_ms):
        if mulaw:
            self.places.append((mulaw, starts_at_ms))
        return bool(mulaw)

    def last(self, kind):
        return next(message for message in reversed(self.messages) if isinstance(message, kind))


class Deaf:
    """Ears that break."""

    background_db = -60.0

    def listen(self, phrases, understand, _background_db=None):
        return self

    def feed(self, mulaw):
        raise VoicebotError("ears_failed", "broken")


class Wire:
    """A carrier without a network: plays in real time of the frames it sends, echoes marks."""

    def __init__(self, ruleset, ears, *, lose_marks=False, state=None, voice=None):
        self.book = Notebook()
        session = Session(ruleset, self.book, "call", state or State(), 0)
        session.handle(CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64))
        self.session = session
        self.line = Line(session, ears, Grammars.load(assets.GRAMMARS), voice or Tones(), self.book, 0)
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


def says(words, at_ms, *, lasts_ms=400, confidence=0.99):
    return Utterance(words, confidence, at_ms, at_ms + lasts_ms, at_ms + lasts_ms + 500)


GREETED_MS = 2 * PROMPT_MS + FRAME_MS
"""Greeting and first question; listening opens with the question."""


SAID_MS = PROMPT_MS + 300
"""When a caller who hears the first question out says "yes", on that ear's clock."""
OPENED_MS = PROMPT_MS + FRAME_MS
"""When the first ear opens, on the call's clock."""
TAKEN_MS = SAID_MS + 400 + QUIET_MS
"""When that answer is taken, on the same clock; the next ear opens then, or after what may not be interrupted."""


def screen(ruleset, step=Step.SCREEN, **more):
    """Return a state at the first group of red flags."""
    return State(step=step, asking=next_asking(ruleset, State()), **more)


def said(wire):
    return [message.prompts for message in wire.book.messages if isinstance(message, Say)]


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
    wire = Wire(ruleset, ScriptedEars([[Utterance("yes", 0.99, 310, 500, 700)]]))
    wire.run(PROMPT_MS + 800)
    assert wire.cleared == 1
    assert wire.book.last(Heard).over_prompt


def test_noise_over_the_question_interrupts_nothing(ruleset):
    wire = Wire(ruleset, ScriptedEars([[Utterance("[unk]", 0.99, 310, 500, 700)]]))
    wire.run(PROMPT_MS + 900)
    assert wire.cleared == 0
    assert wire.session.state.step is Step.TOPIC


def test_what_was_heard_by_its_sound_alone_answers_a_question_but_interrupts_none(ruleset):
    wire = Wire(ruleset, ScriptedEars([[Utterance("yes", 0.9, 310, 500, 700, faint=True)]]))
    wire.run(PROMPT_MS + 900)
    assert (wire.cleared, wire.session.state.step) == (0, Step.TOPIC)
    wire = Wire(ruleset, ScriptedEars([[Utterance("yes", 0.9, SAID_MS, SAID_MS + 200, SAID_MS + 700, faint=True)]]))
    wire.run(GREETED_MS + 2000)
    assert wire.book.last(Heard).meaning is Meaning.YES


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


def test_an_ordinary_answer_is_taken_after_a_short_quiet(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("yes", SAID_MS)]]))
    wire.run(OPENED_MS + TAKEN_MS + 100)
    heard = wire.book.last(Heard)
    assert QUIET_MS <= heard.at_ms - heard.ended_ms <= QUIET_MS + 2 * FRAME_MS


def test_an_answer_to_a_red_flag_is_waited_out(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("no", SAID_MS)]]), state=screen(ruleset))
    wire.run(OPENED_MS + SAID_MS + 1100)
    heard = wire.book.last(Heard)
    assert LONG_QUIET_MS <= heard.at_ms - heard.ended_ms <= LONG_QUIET_MS + 2 * FRAME_MS


def test_words_after_a_short_pause_belong_to_the_answer(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("yes", SAID_MS), says("no", SAID_MS + 900)]]), state=screen(ruleset))
    wire.run(OPENED_MS + SAID_MS + 2500)
    heard = wire.book.last(Heard)
    assert (heard.words, heard.meaning) == ("yes no", Meaning.MIXED)
    assert wire.session.state.failed == 1


@pytest.mark.parametrize("after_ms", [QUIET_MS + 100, REOPEN_MS - 100])
def test_an_answer_taken_back_is_asked_again(ruleset, after_ms):
    over_next = [says("no", after_ms - PROMPT_MS)] if after_ms > PROMPT_MS else []
    ears = ScriptedEars([[says("yes", SAID_MS), says("no", TAKEN_MS + after_ms)], over_next])
    wire = Wire(ruleset, ears)
    wire.run(OPENED_MS + TAKEN_MS + after_ms + 800)
    assert [type(event) for event in wire.book.messages if isinstance(event, Heard | SecondThought)] == [
        Heard,
        SecondThought,
    ]
    thought = wire.book.last(SecondThought)
    assert (thought.meaning, thought.words) == (Meaning.NO, "no")
    assert thought.started_ms == pytest.approx(OPENED_MS + TAKEN_MS + after_ms, abs=3 * FRAME_MS)
    assert wire.session.state.step is Step.TOPIC
    assert said(wire)[-2:] == [("taken_back",), ("about_leg.again",)]
    assert wire.cleared == (1 if after_ms < PROMPT_MS else 0)


def test_what_is_said_over_a_question_that_just_began_is_no_answer_to_it(ruleset):
    """A caller who says "no ... yes" has not confirmed the read-back that began in between."""
    at_ms = SAID_MS + 400 + LONG_QUIET_MS
    ears = ScriptedEars([[says("no", SAID_MS), says("no", at_ms + 400)], [says("no", 400)]])
    wire = Wire(ruleset, ears, state=screen(ruleset))
    wire.run(OPENED_MS + at_ms + 2000)
    assert wire.session.state.step is Step.READ_BACK
    assert not any(isinstance(message, SecondThought) for message in wire.book.messages)
    assert wire.cleared == 0
    wire.run(SOON_MS - 500)
    assert wire.book.last(NoInput)
    ears = ScriptedEars([[says("no", SAID_MS), says("yes", at_ms + 400)], [says("yes", 400)]])
    wire = Wire(ruleset, ears, state=screen(ruleset))
    wire.run(OPENED_MS + at_ms + 2000)
    assert wire.book.last(SecondThought).meaning is Meaning.YES
    assert wire.session.state.step is Step.SCREEN
    assert not wire.session.state.answers


def test_whoever_heard_the_next_question_out_answers_that_one(ruleset):
    at_ms = SAID_MS + 400 + LONG_QUIET_MS
    begins_ms = PROMPT_MS - EARLY_MS + 100
    assert begins_ms < REOPEN_MS
    ears = ScriptedEars([[says("no", SAID_MS), says("yes", at_ms + begins_ms)], [says("yes", begins_ms)]])
    wire = Wire(ruleset, ears, state=screen(ruleset))
    wire.run(OPENED_MS + at_ms + 2000)
    assert not wire.book.last(Heard).over_prompt
    assert wire.session.state.answers
    assert not any(isinstance(message, SecondThought) for message in wire.book.messages)


@pytest.mark.parametrize(("late_ms", "counts"), [(-100, False), (100, True)])
def test_after_a_moment_the_same_over_the_next_question_is_an_answer_to_it(ruleset, late_ms, counts):
    begins_ms = REPEAT_MS - (LONG_QUIET_MS - QUIET_MS) + late_ms

    class LongTones(Tones):
        def mulaw(self, prompt_id, *, slow=False):
            return b"\x55" * (3000 * 8)

    ears = ScriptedEars([[says("no", 3300)], [says("no", begins_ms)]])
    wire = Wire(ruleset, ears, state=screen(ruleset), voice=LongTones())
    wire.run(3000 + 3300 + 400 + LONG_QUIET_MS + 3000)
    assert wire.session.state.step is (Step.SCREEN if counts else Step.READ_BACK)
    assert wire.book.last(Heard).over_prompt is counts
    assert wire.cleared == counts


@pytest.mark.parametrize("confidence", [0.3, 0.7])
def test_a_doubtful_word_takes_nothing_back(ruleset, confidence):
    second = says("no", TAKEN_MS + 500, confidence=confidence)
    wire = Wire(ruleset, ScriptedEars([[says("yes", SAID_MS), second]]))
    wire.run(OPENED_MS + TAKEN_MS + 3000)
    assert wire.session.state.step is Step.SCREEN
    assert wire.cleared == 0


def test_last_words_are_cut_when_the_answer_that_led_to_them_is_taken_back(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("no", SAID_MS), says("yes", TAKEN_MS + 300, lasts_ms=200)]]))
    wire.run(OPENED_MS + TAKEN_MS + 100)
    assert isinstance(wire.book.messages[-1], Transfer)
    wire.run(3000)
    assert wire.session.state.step is Step.TOPIC
    assert wire.cleared == 1
    assert not wire.closed


def test_a_person_can_be_asked_for_a_moment_after_an_answer(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("yes", SAID_MS), says("operator", TAKEN_MS + 400)]]))
    wire.run(OPENED_MS + TAKEN_MS + 1500)
    assert not wire.book.last(SecondThought).takes_back
    assert wire.session.state.closing[-1] == Transfer(Target.FRONT_DESK)


def test_a_key_a_moment_after_a_word_is_about_the_same_answer(ruleset):
    for key, step in (("1", Step.SCREEN), ("2", Step.TOPIC)):
        wire = Wire(ruleset, ScriptedEars([[says("yes", SAID_MS)]]))
        wire.run(OPENED_MS + TAKEN_MS + 300)
        assert wire.session.state.step is Step.SCREEN
        wire.take(wire.line.key(key))
        assert wire.session.state.step is step
        assert not any(isinstance(message, KeyPressed) for message in wire.book.messages)
    wire.run(4 * PROMPT_MS)
    wire.take(wire.line.key("1"))
    assert wire.book.last(KeyPressed)


def test_the_same_key_twice_in_a_row_answers_one_question_and_another_key_at_once_the_next(ruleset):
    for key, later_ms, answers in (("2", 400, 1), ("2", REPEAT_MS, 2), ("0", 400, 2)):
        wire = Wire(ruleset, ScriptedEars([]), state=screen(ruleset))
        wire.run(OPENED_MS)
        wire.take(wire.line.key("2"))
        wire.run(later_ms)
        wire.take(wire.line.key(key))
        assert sum(isinstance(message, KeyPressed) for message in wire.book.messages) == answers


def test_a_spoken_consent_is_recorded_from_once_it_cannot_be_taken_back(ruleset):
    def run(*words):
        state = State(step=Step.CONSENT, asking=replace(screen(ruleset).asking, level=Urgency.PRIMARY_CARE))
        wire = Wire(ruleset, ScriptedEars([words]), state=state)
        wire.run(OPENED_MS + TAKEN_MS + REOPEN_MS - 100)
        assert wire.session.state.consent is (True if len(words) == 1 else None)
        assert not wire.book.frames
        wire.run(1000)
        return wire.book.frames

    assert run(says("yes", SAID_MS))
    assert not run(says("yes", SAID_MS), says("no", TAKEN_MS + 300))
