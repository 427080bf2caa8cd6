from acoustic.synthesis import HELD_OUT
from benchmarks.hearing_parts.synthetic import ALWAYS, IN_FULL, SAMPLE, VOICES, phrases
from voicebot import assets
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import Grammars

SENTENCES = Grammars.load(assets.GRAMMARS).get("yes_no").sentences


def test_no_voice_was_trained_on():
    assert {voice.rpartition("+")[2] for _, voice in VOICES} <= HELD_OUT


def test_every_phrase_of_an_emergency_is_spoken_and_some_of_all_others():
    spoken = phrases(SENTENCES)
    texts = [sentence.text for sentence in spoken]
    assert len(texts) == len(set(texts))
    for meaning in Meaning:
        all_of_it = {sentence.text for sentence in SENTENCES if sentence.meaning is meaning}
        chosen = {sentence.text for sentence in spoken if sentence.meaning is meaning}
        assert chosen == all_of_it if meaning in IN_FULL else len(chosen) == min(SAMPLE, len(all_of_it))
    assert set(ALWAYS) <= set(texts)
    assert phrases(SENTENCES) == spoken
