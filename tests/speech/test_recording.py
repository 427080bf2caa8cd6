import numpy as np

from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.turn import LONG_QUIET_MS, QUIET_MS
from voicebot.speech.ears import Utterance
from voicebot.speech.grammars import Grammars
from voicebot.speech.recording import NOTHING, hear
from voicebot.speech.scripted import ScriptedEars

GRAMMARS = Grammars.load(assets.GRAMMARS)
SECOND = np.zeros(8000, np.int16)


def heard(*utterances):
    return hear(SECOND, ScriptedEars([utterances]), GRAMMARS, "yes_no")


def said(words, confidence=1.0, ended_ms=400):
    return Utterance(words, confidence, ended_ms - 300, ended_ms, ended_ms + 700)


def test_the_first_answer_counts():
    hearing = heard(said("[unk]"), said("yeah", 0.98, 1500), said("no", 1.0, 2500))
    assert (hearing.text, hearing.meaning, hearing.action) == ("yeah", Meaning.YES, Action.ACCEPT)
    assert (hearing.confidence, hearing.speech_end_ms, hearing.decided_ms) == (0.98, 1500, 1500 + QUIET_MS)


def test_without_an_answer_the_first_utterance_is_told():
    hearing = heard(said("yes and no"), said("[unk]", 1.0, 2000))
    assert (hearing.text, hearing.meaning, hearing.action) == ("yes and no", Meaning.MIXED, Action.ASK_AGAIN)


def test_a_doubtful_answer_is_to_be_confirmed():
    assert heard(said("no", 0.6)).action is Action.CONFIRM


def test_what_may_be_the_beginning_of_something_else_is_waited_for():
    assert heard(said("i don't")).decided_ms == 400 + LONG_QUIET_MS
    assert heard(said("what")).decided_ms == 400 + LONG_QUIET_MS


def test_words_after_a_short_pause_belong_to_the_answer():
    doubted = heard(said("i don't", 0.7), said("know", 0.9, 1200))
    assert (doubted.text, doubted.meaning, doubted.confidence) == ("i don't know", Meaning.UNSURE, 0.7)
    assert doubted.decided_ms == 1200 + LONG_QUIET_MS
    assert heard(said("i don't"), said("yes", 1.0, 1100)).meaning is Meaning.MIXED


def test_a_word_that_sounds_like_its_opposite_is_to_be_confirmed_however_clear():
    hearing = heard(said("uh huh", 1.0))
    assert (hearing.meaning, hearing.action) == (Meaning.YES, Action.CONFIRM)
    assert hearing.confidence < 1.0


def test_the_tail_is_two_seconds_long():
    assert heard(said("yes", ended_ms=2700)).decided_ms == 2700 + QUIET_MS
    assert hear(SECOND, ScriptedEars([[]]), GRAMMARS, "yes_no") == NOTHING
