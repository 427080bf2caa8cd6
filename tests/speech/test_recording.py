import numpy as np

from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.speech.ears import Utterance
from voicebot.speech.grammars import Grammars
from voicebot.speech.recording import NOTHING, hear
from voicebot.speech.scripted import ScriptedEars

GRAMMARS = Grammars.load(assets.GRAMMARS)
SECOND = np.zeros(8000, np.int16)


def heard(*utterances):
    return hear(SECOND, ScriptedEars([utterances]), GRAMMARS, "yes_no")


def said(words, confidence=1.0, decided_ms=900):
    return Utterance(words, confidence, 100, 400, decided_ms)


def test_the_first_answer_counts():
    hearing = heard(said("[unk]"), said("yeah", 0.95, 1500), said("no", 1.0, 2500))
    assert (hearing.text, hearing.meaning, hearing.action) == ("yeah", Meaning.YES, Action.ACCEPT)
    assert (hearing.confidence, hearing.speech_end_ms, hearing.decided_ms) == (0.95, 400, 1500)


def test_without_an_answer_the_first_utterance_is_told():
    hearing = heard(said("yes and no"), said("[unk]", 1.0, 1500))
    assert (hearing.text, hearing.meaning, hearing.action) == ("yes and no", Meaning.MIXED, Action.ASK_AGAIN)


def test_a_doubtful_answer_is_to_be_confirmed():
    assert heard(said("no", 0.6)).action is Action.CONFIRM


def test_the_tail_is_two_seconds_long():
    assert heard(said("yes", decided_ms=3000)).decided_ms == 3000
    assert hear(SECOND, ScriptedEars([[]]), GRAMMARS, "yes_no") == NOTHING
