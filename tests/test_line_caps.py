"""How long a call on live audio may take, and who is exempt."""

from __future__ import annotations

import pytest

from tests.test_line import Wire
from voicebot.dialog.effects import Target, Transfer
from voicebot.dialog.events import Fault, Heard, TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.safety import MAX_CALL_MS
from voicebot.dialog.state import Step
from voicebot.speech.scripted import ScriptedEars

PAUSE_MS = 4000
"""Shorter than any silence that counts as no answer."""


@pytest.fixture
def wire(ruleset):
    return Wire(ruleset, ScriptedEars([]))


def hear_it_again_until(wire, at_ms):
    """Ask for the question again and again, which never fails a turn."""
    while wire.line.now_ms < at_ms and wire.book.messages[-1:] != [Transfer(Target.FRONT_DESK)]:
        wire.take(wire.line.key("9"))
        wire.run(PAUSE_MS)


def test_who_asks_for_the_question_for_ever_reaches_a_person_in_the_end(wire):
    hear_it_again_until(wire, MAX_CALL_MS - 2 * PAUSE_MS)
    assert wire.session.state.step is Step.TOPIC
    hear_it_again_until(wire, MAX_CALL_MS + 2 * PAUSE_MS)
    assert wire.book.last(Fault).code == "call_too_long"
    assert wire.book.messages[-1] == Transfer(Target.FRONT_DESK)


def test_who_spoke_of_suicide_is_never_cut_off_for_taking_long(wire):
    for event in (Heard(0, Meaning.SUICIDE, 1.0), TransferEnded(0, TransferOutcome.BUSY)):
        wire.take(wire.line._handle(event))
    assert wire.session.state.step is Step.STAYING
    hear_it_again_until(wire, MAX_CALL_MS + 2 * PAUSE_MS)
    assert wire.session.state.step is Step.STAYING
    assert not any(isinstance(message, Fault) for message in wire.book.messages)
