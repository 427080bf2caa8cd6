"""Sources: ITU-T G.711, and libsndfile as another reader of the same files."""

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.simulate.carrier import audio


def test_decodes_and_wraps_as_libsndfile_does():
    every = bytes(range(256))
    samples, rate = soundfile.read(io.BytesIO(audio.to_wav(every)), dtype="int16")
    assert rate == 8000
    assert samples.tolist() == audio.to_linear(every).tolist()


def test_encoding_errs_by_half_a_step_at_most():
    samples = np.arange(-32123, 32124, 7)
    error = np.abs(audio.to_linear(audio.to_mulaw(samples.astype(np.int16))) - samples)
    assert (error <= (np.abs(samples) + 132) / 32).all()


def test_encoding_keeps_what_was_decoded():
    codes = bytes(range(256)).replace(b"\x7f", b"")  # negative zero becomes zero
    assert audio.to_mulaw(audio.to_linear(codes)) == codes


def test_silence_is_silent():
    assert audio.to_mulaw(np.zeros(3, dtype=np.int16)) == b"\xff\xff\xff"
    assert audio.level_dbfs(audio.SILENT_FRAME) == float("-inf")
    assert audio.level_dbfs(b"") == float("-inf")


def test_level_of_a_known_tone():
    sine = 16384 * np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    assert audio.level_dbfs(audio.to_mulaw(sine)) == pytest.approx(-9.03, abs=0.1)


@settings(deadline=None)
@given(st.binary(max_size=999))
def test_wav_keeps_every_sample(mulaw):
    assert audio.from_wav(audio.to_wav(mulaw)) == mulaw


def test_reads_a_wav_that_another_program_wrote():
    file = io.BytesIO()
    soundfile.write(file, audio.to_linear(b"\x10\x20\x30\x40"), 8000, subtype="ULAW", format="WAV")
    assert audio.from_wav(file.getvalue()) == b"\x10\x20\x30\x40"


@pytest.mark.parametrize(
    ("name", "options"),
    [("PCM", {"samplerate": 8000, "subtype": "PCM_16"}), ("16 kHz", {"samplerate": 16000, "subtype": "ULAW"})],
)
def test_refuses_another_kind_of_wav(name, options):
    file = io.BytesIO()
    soundfile.write(file, np.zeros(100, dtype=np.int16), format="WAV", **options)
    with pytest.raises(ValueError, match="mu-law"):
        audio.from_wav(file.getvalue())


@pytest.mark.parametrize("wav", [b"", b"ID3", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \2\0\0\0\0\0"])
def test_refuses_what_is_no_wav(wav):
    with pytest.raises(ValueError, match=r"WAV|mu-law"):
        audio.from_wav(wav)


def test_speech_ends_behind_the_last_loud_window():
    noise = audio.to_mulaw(np.resize(np.array([40.0, -40.0]), 8000))
    assert audio.speech_end(b"\x10" * 800 + noise) == 800
    assert audio.speech_end(noise[:400] + b"\x10" * 30 + audio.SILENCE * 900) == 480
    assert audio.speech_end(audio.SILENCE * 800) == 0
    assert audio.speech_end(b"") == 0
    assert audio.speech_end(b"\x10" * 815) == 815
