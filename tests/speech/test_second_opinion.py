import csv
from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.errors import VoicebotError
from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.log_mel import log_mel
from voicebot.speech.second_opinion import FILE, Opinion, load_second_opinions

AUDIO = Path(__file__).parents[1] / "audio"


@pytest.fixture(scope="module")
def networks():
    return load_second_opinions(assets.MODEL)


def clips(word):
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file, delimiter="\t") if row["transcript"] == word]
    return [codec.decode(codec.encode(read_audio(AUDIO / path))) for path in paths]


def opinions(networks, samples):
    heard = [network.hear(log_mel(samples)) for network in networks]
    return {name: float(np.mean([getattr(one, name) for one in heard])) for name in Opinion.__slots__}


@pytest.mark.parametrize("word", ["yes", "no"])
def test_it_knows_the_answers_by_itself(networks, word):
    heard = [max(told, key=told.get) for told in (opinions(networks, clip) for clip in clips(word))]
    assert heard.count(word) >= 0.95 * len(heard) > 0


def test_it_knows_often_recorded_words_that_are_no_answer(networks):
    heard = [opinions(networks, clip)["word"] for word in ("left", "go", "up", "three", "cat") for clip in clips(word)]
    assert len(heard) >= 10
    assert np.mean(np.array(heard) > 0.5) >= 0.9


def test_silence_and_noise_are_nothing(networks):
    noise = np.random.default_rng(1).normal(0, 300, 8000).astype(np.int16)
    for sound in (np.zeros(8000, np.int16), noise, np.zeros(50, np.int16)):
        assert opinions(networks, sound)["nothing"] > 0.3


def test_probabilities_add_up(networks):
    for network in networks:
        assert network.probabilities(log_mel(clips("yes")[0])).sum() == pytest.approx(1.0, abs=1e-4)


def test_a_model_without_word_network_has_no_second_opinion(tmp_path):
    assert load_second_opinions(tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x93NUMPY"])
def test_a_broken_file_is_told(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(VoicebotError) as caught:
        load_second_opinions(tmp_path)
    assert caught.value.code == "model_broken"
