"""Over what cannot be interrupted an emergency and talk of suicide are heard on live audio, and nothing else is."""

from __future__ import annotations

import pytest

from tests.test_line import (
    FRAME_MS,
    GREETED_MS,
    PROMPT_MS,
    SAID_MS,
    Tones,
    Wire,
    said,
    says,
)
from voicebot.dialog.effects import HangUp, Say, Target, Transfer
from voicebot.dialog.events import Fault, Heard, Played, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.dialog.turn import LONG_QUIET_MS, PROTECTED_MS, QUIET_MS
from voicebot.errors import VoicebotError
from voicebot.speech.overhearing import MAX_HEARD_OUT_MS
from voicebot.speech.scripted import ScriptedEars

LONG_MS = 4000
EMERGENCY, SUICIDE = "i think i'm having a stroke", "i want to kill myself"


class LongTones(Tones):
    """A voice whose every prompt lasts as long as advice does."""

    def mulaw(self, prompt_id, *, slow=False):
        return super().mulaw(prompt_id, slow=slow) * (LONG_MS // PROMPT_MS)


ANSWERED_MS = 2 * LONG_MS + 1000
"""When an answer to the first question, begun 300 ms after its end, has surely been taken."""


def call(ruleset, *overheard, scripts=(), state=None):
    return Wire(ruleset, ScriptedEars(scripts, overheard), state=state, voice=LongTones())


def heard(wire):
    return [message for message in wire.book.messages if isinstance(message, Heard)]


def closing(*prompts, ending=None):
    """Return the state of a call that is being put through, or ended, with such last words."""
    return State(step=Step.CLOSING, closing=(Say(prompts, interruptible=False), ending or Transfer(Target.FRONT_DESK)))


@pytest.mark.parametrize(
    ("words", "step", "first"),
    [(EMERGENCY, Step.WILL_CALL, "emergency.heard"), (SUICIDE, Step.CLOSING, "suicide.heard")],
)
def test_urgent_words_over_the_greeting_are_acted_on_at_once(ruleset, words, step, first):
    wire = call(ruleset, [says(words, 1000)])
    wire.run(1000 + 400 + LONG_QUIET_MS + 100)
    assert wire.session.state.step is step
    assert said(wire)[-2 if step is Step.WILL_CALL else -1][0] == first
    (event,) = heard(wire)
    assert (event.words, event.started_ms, event.urgent_only, event.over_prompt) == (words, 1000, True, True)
    assert wire.cleared == 1


@pytest.mark.parametrize("words", ["yes", "no", "operator", "[unk]", "[unk] emergency", "it's not an emergency"])
def test_nothing_else_is(ruleset, words):
    wire = call(ruleset, [says(words, 1000)])
    wire.run(LONG_MS)
    assert (heard(wire), wire.cleared) == ([], 0)


@pytest.mark.parametrize(("words", "confidence"), [(EMERGENCY, 0.96), (SUICIDE, 0.79)])
def test_nor_are_urgent_words_in_doubt(ruleset, words, confidence):
    wire = call(ruleset, [says(words, 1000, confidence=confidence)])
    wire.run(LONG_MS)
    assert (heard(wire), wire.cleared) == ([], 0)


@pytest.mark.parametrize(("begins_ms", "counts"), [(PROTECTED_MS - FRAME_MS, False), (PROTECTED_MS + FRAME_MS, True)])
def test_what_begins_with_the_prompt_is_passed_over(ruleset, begins_ms, counts):
    wire = call(ruleset, [says(EMERGENCY, begins_ms)])
    wire.run(LONG_MS // 2)
    assert bool(heard(wire)) is counts


def test_advice_goes_on_when_its_emergency_is_told_again(ruleset):
    wire = call(ruleset, [], [says(EMERGENCY, 1500)], scripts=[[says("emergency", LONG_MS + 300)]])
    wire.run(ANSWERED_MS + QUIET_MS + 100)
    assert wire.session.state.step is Step.WILL_CALL
    cleared = wire.cleared
    wire.run(2 * LONG_MS)
    assert [event.urgent_only for event in heard(wire)] == [False, True]
    assert wire.cleared == cleared
    assert said(wire)[-2:] == [("emergency.heard", "advice.call_911"), ("will_call",)]


@pytest.mark.parametrize("words", [EMERGENCY, SUICIDE])
def test_last_words_give_way(ruleset, words):
    wire = call(ruleset, [says(words, 1000)], state=closing("to_person.asked"))
    wire.run(LONG_MS)
    assert not wire.closed
    assert wire.session.state.step is (Step.WILL_CALL if words == EMERGENCY else Step.CLOSING)
    assert wire.session.state.crisis is (words == SUICIDE)


def test_who_is_speaking_when_the_last_words_end_is_heard_out(ruleset):
    wire = call(ruleset, [says(SUICIDE, LONG_MS - 200, lasts_ms=1200)], state=closing("goodbye", ending=HangUp()))
    wire.run(LONG_MS + 500)
    assert not wire.closed
    wire.run(1500)
    assert wire.session.state.crisis
    assert not any(isinstance(message, Played) for message in wire.book.messages)


def test_but_not_for_ever(ruleset):
    wire = call(ruleset, [says("[unk]", LONG_MS - 200, lasts_ms=60_000)], state=closing("goodbye", ending=HangUp()))
    wire.run(LONG_MS + MAX_HEARD_OUT_MS - 100)
    assert not wire.closed
    wire.run(200)
    assert wire.closed


def test_the_line_closes_at_once_when_nobody_speaks(ruleset):
    wire = call(ruleset, [], state=closing("goodbye", ending=HangUp()))
    wire.run(LONG_MS + 2 * FRAME_MS)
    assert wire.closed


def test_words_begun_over_the_greeting_are_heard_out_over_the_question(ruleset):
    wire = call(ruleset, [says(EMERGENCY, LONG_MS - 500, lasts_ms=1500)])
    wire.run(LONG_MS + 1000 + LONG_QUIET_MS + 100)
    assert wire.session.state.step is Step.WILL_CALL


def test_the_last_answers_ear_is_the_only_one_while_it_listens(ruleset):
    """Of "no ... emergency" the second is heard once, as any urgent words there."""
    taken_ms = LONG_MS + 700 + QUIET_MS
    scripts = [[says("no", LONG_MS + 300), says("emergency", taken_ms + 400)]]
    wire = call(ruleset, scripts=scripts)
    wire.run(ANSWERED_MS + LONG_MS)
    assert [(event.meaning, event.urgent_only) for event in heard(wire)] == [
        (Meaning.NO, False),
        (Meaning.EMERGENCY, True),
    ]
    assert not any(isinstance(message, SecondThought) for message in wire.book.messages)


def test_an_ear_that_breaks_there_cuts_nothing_short(ruleset):
    class Broken(ScriptedEars):
        def listen(self, phrases, understand=str, background_db=None):
            if understand("yes") is None:
                raise VoicebotError("ears_failed", "broken")
            return super().listen(phrases, understand, background_db)

    wire = Wire(ruleset, Broken([[says("no", SAID_MS)]]))
    wire.run(GREETED_MS + 4000)
    assert wire.closed
    assert not any(isinstance(message, Fault) for message in wire.book.messages)
