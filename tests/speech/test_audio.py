import numpy as np
import pytest
import soundfile

from voicebot.errors import VoicebotError
from voicebot.speech import codec
from voicebot.speech.audio import read_audio, write_mulaw_wav


def tone(rate, seconds=0.5):
    """A 440 Hz tone at half of full scale."""
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize(
    ("suffix", "subtype"), [("wav", "PCM_16"), ("wav", "ULAW"), ("wav", "FLOAT"), ("flac", "PCM_16")]
)
@pytest.mark.parametrize("channels", [1, 2])
def test_any_format_becomes_8_khz_mono(tmp_path, rate, suffix, subtype, channels):
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, np.stack([tone(rate)] * channels, axis=1), rate, subtype=subtype)
    samples = read_audio(path)
    assert samples.dtype == np.int16
    assert len(samples) == pytest.approx(4000, abs=2)
    assert np.argmax(np.abs(np.fft.rfft(samples[:4000]))) == pytest.approx(220, abs=1)  # bins of 2 Hz
    assert codec.level_db(samples) == pytest.approx(-9.03, abs=0.1)


def test_8_khz_samples_come_through_unchanged(tmp_path):
    samples = np.arange(-32768, 32768, 7).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", samples, 8000)
    assert (read_audio(tmp_path / "a.wav") == samples).all()


def test_channels_are_averaged(tmp_path):
    both = np.array([[1000, 3000]] * 80, np.int16)
    soundfile.write(tmp_path / "a.wav", both, 8000)
    assert set(read_audio(tmp_path / "a.wav")) == {2000}


def test_mulaw_is_written_as_it_is(tmp_path):
    mulaw = bytes(code for code in range(256) if code != 0x7F)  # 0x7F is minus zero
    write_mulaw_wav(tmp_path / "a.wav", mulaw)
    assert soundfile.info(tmp_path / "a.wav").subtype == "ULAW"
    assert codec.encode(read_audio(tmp_path / "a.wav")) == mulaw


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.wav", b""), ("a.wav", b"RIFF1234WAVE"), ("a.raw", b"123"), ("a.txt", b"yes"), ("a.wav", None)],
)
def test_what_is_no_sound_is_refused_in_one_sentence(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(VoicebotError, match=r"a\.\w+ is not a sound file that can be read\.") as caught:
        read_audio(tmp_path / name)
    assert (caught.value.code, caught.value.exit_code) == ("audio_unreadable", 2)


def test_an_empty_recording_holds_no_sound(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(0), 8000)
    with pytest.raises(VoicebotError, match="holds no sound"):
        read_audio(tmp_path / "a.wav")
