"""Doubt, spoken: what leaves a red flag open is never heard as a no. By a synthetic voice, as nobody recorded it."""

import numpy as np
import pytest

from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.speech.codec import RATE
from voicebot.speech.grammars import Grammars
from voicebot.speech.pyttsx3_voice import Script, speak
from voicebot.speech.recording import hear

GRAMMARS = Grammars.load(assets.GRAMMARS)
BEFORE = np.zeros(RATE // 4, np.int16)
LESS_THAN_BEFORE = ("not anymore", "not now", "not right now", "not so much", "not lately", "not always", "hardly ever")
LOSS = ("i can't", "no i can't", "i can't feel it", "i can't move it", "it doesn't move", "it won't move", "no feeling")
UNSURE = ("i don't know", "no i don't know", "i'm not sure", "not that i remember", "maybe not", "i guess not")
BOTH = ("yes and no", "no wait yes", "no, but a little", "yeah, no", "not really, sometimes")
NOT_QUITE = ("nothing", "one of those", "some of them", "something like that", "numb", "it's numb", "something", "one")
OPEN = (*LESS_THAN_BEFORE, *LOSS, *UNSURE, *BOTH, *NOT_QUITE)


@pytest.fixture(scope="module")
def heard(ears):
    return {
        text: hear(np.concatenate([BEFORE, sound]), ears, GRAMMARS, "yes_no")
        for text, sound in zip(OPEN, speak([Script(text) for text in OPEN]), strict=True)
    }


def test_doubt_is_never_taken_for_a_no(heard):
    assert [
        (text, hearing.text)
        for text, hearing in heard.items()
        if hearing.meaning is Meaning.NO and hearing.action is Action.ACCEPT
    ] == []


def test_a_caller_who_says_not_to_know_is_understood(heard):
    understood = [text for text in UNSURE if heard[text].meaning is Meaning.UNSURE]
    assert len(understood) >= len(UNSURE) - 1
