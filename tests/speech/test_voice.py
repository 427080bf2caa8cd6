import hashlib

import numpy as np
import pytest
import soundfile

from voicebot.errors import VoicebotError
from voicebot.speech.codec import encode
from voicebot.speech.prompt_file import Prompt
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice

HELLO = Prompt("hello", "Hello.")
GOODBYE = Prompt("goodbye", "Take care. Goodbye.")
CONFIRM = Prompt("confirm", "I heard {answer}.", {"answer": ("yes", "no")})


class Speaker:
    """Speaks a text as one tone, 100 ms a letter, twice as long if slow; remembers what it was asked to say."""

    def __init__(self):
        self.asked = []
        self.asked_slowly = []

    def __call__(self, scripts):
        for script in scripts:
            (self.asked_slowly if script.slow else self.asked).append(script.text)
            length = len(script.text)
            yield np.full(800 * length * (2 if script.slow else 1), 1000 + length, dtype=np.int16)


@pytest.fixture
def speaker():
    return Speaker()


@pytest.fixture
def prepare(tmp_path, speaker):
    def prepare_prompts(*prompts, fingerprint="one"):
        texts = Prompts({prompt.id: prompt for prompt in prompts})
        (tmp_path / "recordings").mkdir(exist_ok=True)
        return Voice(speaker, fingerprint).prepare(texts, tmp_path / "cache", tmp_path / "recordings")

    return prepare_prompts


def test_a_prompt_is_bytes_with_a_length_words_and_a_hash(prepare):
    rendered = prepare(HELLO, GOODBYE)
    assert rendered.ids() == {"hello", "goodbye"}
    assert rendered.mulaw("hello") == encode(np.full(4800, 1006, dtype=np.int16))
    assert rendered.duration_ms("hello") == 600
    assert rendered.text("goodbye") == "Take care. Goodbye."
    assert rendered.sha256("hello") == hashlib.sha256(rendered.mulaw("hello")).hexdigest()


def test_each_text_is_spoken_once_ever(prepare, speaker):
    first = prepare(HELLO, GOODBYE, Prompt("hello.again", "Hello."))
    assert sorted(speaker.asked) == ["Hello.", "Take care. Goodbye."]
    again = prepare(HELLO, GOODBYE, Prompt("hello.again", "Hello."))
    assert len(speaker.asked) == 2
    assert again == first


def test_everything_is_spoken_at_both_paces(prepare, speaker):
    rendered = prepare(HELLO, GOODBYE)
    assert sorted(speaker.asked_slowly) == sorted(speaker.asked)
    assert len(rendered.mulaw("hello", slow=True)) == 2 * len(rendered.mulaw("hello"))
    assert rendered.sha256("hello", slow=True) != rendered.sha256("hello")


def test_who_asks_for_slower_speech_gets_it_where_a_studio_recorded_one_pace(prepare, speaker, tmp_path):
    (tmp_path / "recordings").mkdir()
    soundfile.write(tmp_path / "recordings" / "hello.wav", 0.1 * np.sin(np.arange(16000) / 5), 16000)
    rendered = prepare(HELLO)
    assert rendered.sound("hello").recorded
    assert not rendered.sound("hello", slow=True).recorded
    assert (speaker.asked, speaker.asked_slowly) == ([], ["Hello."])
    assert prepare(HELLO) == rendered
    assert speaker.asked_slowly == ["Hello."], "once ever, as all others"


def test_a_changed_text_is_spoken_anew_and_nothing_else(prepare, speaker):
    before = prepare(HELLO, GOODBYE)
    after = prepare(HELLO, Prompt("goodbye", "Goodbye."))
    assert speaker.asked[2:] == ["Goodbye."]
    assert after.sha256("hello") == before.sha256("hello")
    assert after.sha256("goodbye") != before.sha256("goodbye")


def test_another_voice_speaks_everything_anew(prepare, speaker):
    prepare(HELLO)
    prepare(HELLO, fingerprint="two")
    assert speaker.asked == ["Hello.", "Hello."]


def test_every_value_of_a_slot_is_spoken_beforehand(prepare):
    rendered = prepare(CONFIRM)
    assert rendered.text("confirm", {"answer": "no"}) == "I heard no."
    assert rendered.duration_ms("confirm", {"answer": "yes"}) > rendered.duration_ms("confirm", {"answer": "no"})


@pytest.mark.parametrize(
    ("prompt", "slots"),
    [("nobody", {}), ("confirm", {}), ("confirm", {"answer": "maybe"}), ("hello", {"answer": "yes"})],
)
def test_what_nobody_declared_cannot_be_said(prepare, prompt, slots):
    rendered = prepare(HELLO, CONFIRM)
    with pytest.raises(VoicebotError) as caught:
        rendered.mulaw(prompt, slots)
    assert caught.value.code == "prompt_unknown"


def test_a_recording_replaces_the_voice(prepare, speaker, tmp_path):
    rendered = prepare(HELLO, GOODBYE)
    soundfile.write(tmp_path / "recordings" / "hello.wav", 0.1 * np.sin(np.arange(16000) / 5), 16000)
    replaced = prepare(HELLO, GOODBYE)
    assert replaced.sound("hello").recorded
    assert replaced.sha256("hello") != rendered.sha256("hello")
    assert replaced.sha256("goodbye") == rendered.sha256("goodbye")
    assert len(speaker.asked) == 2


def test_a_recorded_prompt_is_never_spoken(prepare, speaker, tmp_path):
    (tmp_path / "recordings").mkdir()
    soundfile.write(tmp_path / "recordings" / "hello.flac", 0.1 * np.sin(np.arange(48000) / 5), 48000)
    prepare(HELLO, GOODBYE)
    assert speaker.asked == ["Take care. Goodbye."]


def test_what_was_rendered_before_a_failure_is_kept(prepare, speaker, tmp_path):
    def breaks(texts):
        yield from speaker(texts[:1])
        raise VoicebotError("voice_unavailable", "The voice broke.")

    texts = Prompts({"hello": HELLO, "goodbye": GOODBYE})
    with pytest.raises(VoicebotError, match="broke"):
        Voice(breaks, "one").prepare(texts, tmp_path / "cache", tmp_path)
    prepare(HELLO, GOODBYE)
    assert speaker.asked == ["Hello.", "Take care. Goodbye."]


def test_finding_renders_nothing(prepare, speaker, tmp_path):
    prepare(HELLO)
    texts = Prompts({"hello": HELLO, "goodbye": GOODBYE})
    assert Voice(speaker, "one").find(texts, tmp_path / "cache", tmp_path / "recordings").ids() == {"hello"}
    assert speaker.asked == ["Hello."]


def test_there_is_no_progress_bar_where_there_is_no_terminal(prepare, capfd):
    prepare(HELLO, GOODBYE)
    assert capfd.readouterr() == ("", "")
