"""Live audio in the manner a caller asks for: slower, with longer waits, and a number keyed in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.test_line import FRAME_MS, PROMPT_MS, Wire, said, says, screen
from voicebot.dialog.digits import PAUSE_MS
from voicebot.dialog.events import Heard, KeyPressed, NoInput, NumberEntered
from voicebot.dialog.manner import UNHURRIED_NO_INPUT_MS
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step
from voicebot.dialog.turn import LONG_QUIET_MS, UNHURRIED_ANSWER_MS, UNHURRIED_QUIET_MS
from voicebot.line import SILENCE, Clear
from voicebot.speech.scripted import ScriptedEars

NUMBER = "6515550123"


def at_other_number(ruleset):
    """Return a wire on which another number is being asked for, heard to its end."""
    state = screen(ruleset, Step.OTHER_NUMBER, number_shown=True)
    wire = Wire(ruleset, ScriptedEars([]), state=state)
    wire.run(2 * PROMPT_MS + 2 * FRAME_MS)
    return wire


def press(wire, keys, every_ms=400):
    for key in keys:
        wire.take(wire.line.key(key))
        wire.run(every_ms)


# --- slower ---------------------------------------------------------------------------------------------------------


def test_after_slower_every_prompt_takes_its_slow_sound(ruleset):
    wire = Wire(ruleset, ScriptedEars([[says("slow down", PROMPT_MS + 300)]]))
    while not wire.session.state.slow:
        wire.run(FRAME_MS)
    assert said(wire)[-1] == ("about_leg",)
    assert wire.queue[0][0] > PROMPT_MS * 8, "a prompt of one second lasts two"


# --- more time ------------------------------------------------------------------------------------------------------


def unhurried(ruleset, *scripts):
    state = screen(ruleset, unhurried=True, channel="stream")
    wire = Wire(ruleset, ScriptedEars(scripts), state=state)
    wire.run(2 * PROMPT_MS + 2 * FRAME_MS)
    return wire


def test_an_unhurried_answer_may_pause_for_long(ruleset):
    first = says("yes", 1500)
    late = says("go ahead", 1500 + 400 + UNHURRIED_QUIET_MS - 600)
    wire = unhurried(ruleset, [first, late])
    wire.run(1500 + 400 + LONG_QUIET_MS + 500)
    assert not [message for message in wire.book.messages if isinstance(message, Heard)]
    wire.run(2 * UNHURRIED_QUIET_MS + 2000)
    heard = wire.book.last(Heard)
    assert (heard.words, heard.meaning) == ("yes go ahead", Meaning.YES)


def test_an_unhurried_caller_may_be_silent_for_long(ruleset):
    wire = unhurried(ruleset, [])
    wire.run(UNHURRIED_NO_INPUT_MS - 1000)
    assert not [message for message in wire.book.messages if isinstance(message, NoInput)]
    wire.run(2000)
    assert wire.book.last(NoInput)


def test_an_unhurried_answer_is_not_too_long_until_much_later():
    assert UNHURRIED_ANSWER_MS > 2 * UNHURRIED_NO_INPUT_MS


# --- a number -------------------------------------------------------------------------------------------------------


def test_ten_keys_are_one_number_that_is_kept_and_not_written_down(ruleset):
    wire = at_other_number(ruleset)
    press(wire, NUMBER)
    assert wire.book.numbers == [f"+1{NUMBER}"]
    assert wire.book.last(NumberEntered).complete
    assert not [message for message in wire.book.messages if isinstance(message, KeyPressed)]
    assert NUMBER not in repr(wire.book.messages)


def test_the_first_key_ends_the_prompt_and_the_pauses_between_keys_are_no_silence(ruleset):
    state = screen(ruleset, Step.OTHER_NUMBER, number_shown=True)
    wire = Wire(ruleset, ScriptedEars([]), state=state)
    wire.run(200)
    press(wire, "6", every_ms=20)
    assert wire.cleared == 1
    press(wire, NUMBER[1:], every_ms=PAUSE_MS - 500)
    assert wire.book.numbers == [f"+1{NUMBER}"], "though it took longer than any answer may"
    assert not [message for message in wire.book.messages if isinstance(message, NoInput)]


def test_a_number_that_is_cut_short_is_asked_for_again(ruleset):
    wire = at_other_number(ruleset)
    press(wire, NUMBER[:6])
    wire.run(PAUSE_MS + 1000)
    assert wire.book.last(NumberEntered).complete is False
    assert wire.book.numbers == []
    assert said(wire)[-1] == ("other_number.again",)


@pytest.mark.parametrize(("key", "step"), [("2", Step.SCREEN), ("0", Step.CLOSING)])
def test_a_single_key_means_what_it_always_means(ruleset, key, step):
    wire = at_other_number(ruleset)
    wire.session.state = replace(wire.session.state, gate=replace(wire.session.state.gate, for_self=True, adult=True))
    wire.session.state = replace(wire.session.state, consent=False)
    press(wire, key)
    wire.run(PAUSE_MS + 500)
    assert wire.book.last(KeyPressed).key == key
    assert wire.session.state.step is step


# --- over the prompt ------------------------------------------------------------------------------------------------


def test_the_line_is_silent_in_the_frame_in_which_a_word_over_the_prompt_is_decided(ruleset):
    """Decision and `clear` are one order, and nothing of the old prompt is played after it: 150 ms are never used."""
    wire = Wire(ruleset, ScriptedEars([[says("yes", 400)]]))
    orders = []
    while not any(isinstance(order, Clear) for order in orders):
        assert not any(isinstance(message, Heard) for message in wire.book.messages)
        wire.take(orders)
        wire.run(PROMPT_MS + FRAME_MS if wire.line.now_ms < PROMPT_MS else 0)
        orders = wire.line.frame(SILENCE * 160)
    assert isinstance(orders[0], Clear), "before anything new is played"
    assert wire.book.last(Heard).at_ms == wire.line.now_ms
    assert wire.book.last(Heard).over_prompt
