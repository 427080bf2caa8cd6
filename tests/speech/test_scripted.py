from voicebot.speech import codec
from voicebot.speech.ears import Partial, Utterance
from voicebot.speech.scripted import ScriptedEars

YES = Utterance("yes", 1.0, 100, 400, 900)
NO = Utterance("no", 0.6, 1100, 1400, 1900)


def silence(ms):
    return codec.SILENCE * codec.BYTES_PER_MS * ms


def test_each_listening_takes_the_next_script_and_time_is_audio():
    ears = ScriptedEars([[YES, NO], [NO]])
    first, second = ears.listen(["yes"]), ears.listen(["no"])
    assert first.feed(silence(399)) == []
    assert first.feed(silence(1)) == [Partial("yes", 400)]
    assert first.feed(silence(499)) == []
    assert first.feed(silence(1)) == [YES]
    assert second.feed(silence(2000)) == [Partial("no", 1400), NO]
    assert first.finish() == NO
    assert first.finish() is None


def test_where_a_yes_means_nothing_the_scripts_of_what_is_overheard_are_taken():
    ears = ScriptedEars([[YES]], overheard=[[NO]])
    urgent, question = ears.listen(["no"], {"no": "no"}.get), ears.listen(["yes"])
    assert urgent.feed(silence(1900))[-1] == NO
    assert question.feed(silence(900))[-1] == YES


def test_an_utterance_may_be_concluded_once_its_words_were_said():
    listening = ScriptedEars([[YES, NO]]).listen(["yes"])
    listening.feed(silence(399))
    assert listening.conclude() is None
    listening.feed(silence(201))
    assert listening.conclude() == Utterance("yes", 1.0, 100, 400, 600)
    assert listening.feed(silence(1300)) == [Partial("no", 1400), NO]


def test_quiet_is_the_time_since_the_latest_words():
    listening = ScriptedEars([[YES, NO]]).listen(["yes"])
    told = []
    for _ in range(13):
        listening.feed(silence(100))
        told.append(listening.quiet_ms)
    assert told == [0, 0, 0, 0, 100, 200, 300, 400, 500, 600, 0, 0, 0]


def test_without_a_script_nothing_is_heard():
    assert ScriptedEars([]).listen(["yes"]).feed(silence(10_000)) == []
    assert ScriptedEars([]).has_word("anything")
