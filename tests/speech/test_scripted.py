from voicebot.speech import codec
from voicebot.speech.ears import Utterance
from voicebot.speech.scripted import ScriptedEars

YES = Utterance("yes", 1.0, 100, 400, 900)
NO = Utterance("no", 0.6, 1100, 1400, 1900)


def test_each_listening_takes_the_next_script_and_time_is_audio():
    ears = ScriptedEars([[YES, NO], [NO]])
    first, second = ears.listen(["yes"]), ears.listen(["no"])
    assert first.feed(codec.SILENCE * 8 * 899) == []
    assert first.feed(codec.SILENCE * 8) == [YES]
    assert second.feed(codec.SILENCE * 8 * 2000) == [NO]
    assert first.finish() == NO
    assert first.finish() is None


def test_without_a_script_nothing_is_heard():
    assert ScriptedEars([]).listen(["yes"]).feed(codec.SILENCE * 80_000) == []
    assert ScriptedEars([]).has_word("anything")
