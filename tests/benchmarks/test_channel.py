import numpy as np
import pytest

from benchmarks.hearing_parts import channel
from benchmarks.hearing_parts.clips import Speech
from voicebot.speech import codec


def db(ratio):
    return 10 * np.log10(ratio)


@pytest.mark.parametrize("snr_db", [20, 10, 0])
def test_noise_is_so_far_below_the_speech_as_asked_for(word, snr_db):
    noise = np.random.default_rng(1).standard_normal(channel.room_for_noise(word))
    noisy = channel.with_noise(word, noise, snr_db)
    alone = noisy.samples[: channel.BEFORE_MS * 8].astype(float)
    assert db((8000**2 / 2) / np.mean(alone**2)) == pytest.approx(snr_db, abs=0.3)


def test_noise_is_fainter_where_pauses_count(word):
    noise = np.random.default_rng(1).standard_normal(channel.room_for_noise(word))
    alone = channel.with_noise(word, noise, 10, over_pauses=True).samples[: channel.BEFORE_MS * 8].astype(float)
    assert db((0.4 * 8000**2 / 2) / np.mean(alone**2)) == pytest.approx(10, abs=0.3)  # it speaks 0.4 s of 1 s


def test_noise_goes_on_after_the_word_and_the_word_keeps_its_place(word):
    noise = np.random.default_rng(1).standard_normal(channel.room_for_noise(word))
    noisy = channel.with_noise(word, noise, 10)
    assert len(noisy.samples) == len(noise)
    assert np.abs(noisy.samples[-400:].astype(int)).max() > 100
    assert (noisy.starts_ms, noisy.ends_ms) == (600.0, 1000.0)


def test_what_is_too_loud_is_turned_down_and_not_cut():
    loud = channel.whole(np.array([0.0, 40000.0, -20000.0]))
    assert loud.tolist() == pytest.approx([0, 32767, -16383.5], abs=0.5)


@pytest.mark.parametrize("damage", channel.DAMAGES)
@pytest.mark.parametrize("share", [0.02, 0.10])
def test_the_share_of_lost_frames_is_as_asked_for(damage, share):
    sound = np.random.default_rng(1).integers(-9000, 9000, 160 * 5000).astype(np.int16)
    lost = channel.lose_frames(Speech(sound, 0.0, 1.0), np.random.default_rng(2), share, damage).samples
    changed = (codec.decode(codec.encode(sound)) != lost).reshape(-1, 160).any(axis=1)
    assert np.mean(changed) == pytest.approx(share, rel=0.25)
    bursts = 1 + np.count_nonzero(np.diff(np.flatnonzero(changed)) > 1)
    assert changed.sum() / bursts == pytest.approx(channel.BURST if damage.endswith("bursts") else 1, rel=0.25)


def test_a_lost_frame_is_silence_or_the_frame_before(word):
    sent = codec.decode(codec.encode(word.samples))
    rng = np.random.default_rng
    silent = channel.lose_frames(word, rng(3), 0.2, "silence").samples
    again = channel.lose_frames(word, rng(3), 0.2, "repeat").samples
    lost = [start for start in range(0, 8000, 160) if (silent[start : start + 160] != sent[start : start + 160]).any()]
    assert lost
    for start in lost:
        assert not silent[start : start + 160].any()
        assert (again[start : start + 160] == sent[start - 160 : start]).all()


@pytest.mark.parametrize("name", channel.CODECS)
def test_a_codec_keeps_length_and_speech(word, name):
    coded = channel.through_codec(word, name)
    assert len(coded.samples) == len(word.samples)
    assert np.corrcoef(coded.samples, word.samples)[0, 1] > 0.9
    assert (coded.samples != word.samples).any()


def test_a_room_with_one_wall_gives_an_echo_as_loud_as_before(word):
    response = np.zeros(900, np.int16)
    response[[100, 500]] = 20000, 10000
    echoed = channel.in_room(word, response)
    assert echoed.samples[2400 + 100] != 0
    assert np.abs(echoed.samples[5600:5900]).max() > 1000  # the wall, 50 ms later
    assert np.std(echoed.samples) > 0


def test_a_line_that_opens_late_begins_within_the_word(word):
    late = channel.begun_late(word)
    assert (late.starts_ms, late.ends_ms) == (0.0, 350.0)
    assert (late.samples == word.samples[2800:]).all()


def test_a_level_is_that_of_the_loudest_sample(word):
    quiet = channel.at_level(word, -30)
    assert np.abs(quiet.samples).max() == pytest.approx(32767 * 10**-1.5, abs=1)
