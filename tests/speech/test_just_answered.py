"""An answer can be taken back for a moment, by word or key; urgent words there are urgent and take nothing back."""

from __future__ import annotations

import pytest

from voicebot import assets
from voicebot.dialog.events import Heard, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.turn import REOPEN_MS, Turn
from voicebot.speech import codec
from voicebot.speech.answering import Answering
from voicebot.speech.call_ear import CallEar
from voicebot.speech.ears import Utterance
from voicebot.speech.echo import Echo
from voicebot.speech.grammars import Grammars
from voicebot.speech.just_answered import MAX_SECOND_THOUGHT_MS, JustAnswered
from voicebot.speech.scripted import ScriptedEars

AT_MS = 1000
OPEN = Turn(opened_ms=AT_MS, no_input_ms=5000)
SOUND = codec.SILENCE * (4000 * codec.BYTES_PER_MS)


def answered(*said, meaning=Meaning.YES):
    ears = ScriptedEars([[Utterance(words, 0.99, at_ms, at_ms + 400, at_ms + 900) for words, at_ms in said]])
    answering = Answering(ears, Grammars.load(assets.GRAMMARS), "yes_no", red_flag=False)
    return JustAnswered(meaning, AT_MS, CallEar(answering, Echo(0), 0))


@pytest.mark.parametrize(
    ("words", "turn", "kind"),
    [
        ("no", OPEN, SecondThought),
        ("no", None, SecondThought),
        ("operator", None, SecondThought),
        ("emergency", OPEN, SecondThought),
        ("emergency", None, Heard),
        ("suicidal", None, Heard),
        ("yes", OPEN, type(None)),
    ],
)
def test_words_a_moment_later(words, turn, kind):
    thought = answered((words, AT_MS + 500)).thought(SOUND, turn, 5000)
    assert type(thought) is kind
    assert not isinstance(thought, Heard) or thought.urgent_only


def test_words_too_late_are_about_something_else():
    assert answered(("no", AT_MS + REOPEN_MS)).thought(SOUND, OPEN, 5000) is None


def test_keys_are_about_the_answer_while_it_can_be_taken_back():
    just = answered()
    assert just.is_meant_by("2", OPEN, AT_MS + 100)
    assert not just.is_meant_by("2", OPEN, AT_MS + REOPEN_MS)
    assert not just.is_meant_by("A", OPEN, AT_MS + 100)
    assert just.keyed("2", 5) == SecondThought(5, Meaning.NO, key="2")
    assert just.keyed("1", 5) is None


def test_it_is_settled_after_a_moment_but_words_are_heard_out():
    just = answered(("no", AT_MS + 1400))
    just.ear.feed(codec.SILENCE * ((AT_MS + REOPEN_MS) * codec.BYTES_PER_MS))
    assert not just.is_settled(AT_MS + REOPEN_MS)
    assert just.is_settled(AT_MS + REOPEN_MS + MAX_SECOND_THOUGHT_MS)
    assert not just.is_settled(AT_MS + REOPEN_MS - 1)
