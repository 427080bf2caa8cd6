import csv
from pathlib import Path

import numpy as np
import pytest

from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.quiet import PIECE_MS, Quiet

AUDIO = Path(__file__).parents[1] / "audio"
PIECE = PIECE_MS * codec.BYTES_PER_MS


def quiet_after(*pieces):
    """Return the quiet at the end of (level in dB, ms) one after another."""
    quiet = Quiet()
    for level_db, ms in pieces:
        for _ in range(ms // PIECE_MS):
            quiet.hear(level_db)
    return quiet.quiet_ms


def test_nothing_but_background_is_quiet_all_along():
    assert quiet_after((-96.0, 3000)) == 3000
    assert quiet_after((-45.0, 3000)) == 3000


@pytest.mark.parametrize(("voice_db", "background_db"), [(-20, -96), (-20, -35), (-45, -58), (-3, -50)])
def test_quiet_begins_where_the_voice_ends(voice_db, background_db):
    before, word = (background_db, 1000), (voice_db, 300)
    assert quiet_after(before, word) == 0
    assert 100 <= quiet_after(before, word, (background_db, 200)) <= 200


def test_an_answer_that_starts_at_once_is_no_background():
    assert quiet_after((-20, 300), (-60, 200)) >= 160
    assert quiet_after((-30, 100), (-20, 200), (-60, 100), (-20, 60)) == 0


def test_a_voice_at_the_level_of_the_noise_goes_unnoticed():
    assert quiet_after((-30, 2000), (-28, 300)) == 2300


def words(*transcripts):
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["transcript"] in transcripts]
    return [read_audio(AUDIO / row["path"]).astype(float) for row in rows]


@pytest.mark.parametrize("snr_db", [None, 20, 10])
def test_the_end_of_a_word_is_found_within_300_ms_also_in_noise(snr_db):
    rng = np.random.default_rng(4)
    late, heard, clips = [], 0, words("yes", "no")
    for clip in clips:
        sound = np.concatenate([np.zeros(4000), clip, np.zeros(8000)])
        pieces = clip[: len(clip) // PIECE * PIECE].reshape(-1, PIECE)
        loud = np.flatnonzero((pieces**2).mean(axis=1) > (pieces**2).mean(axis=1).max() / 100)
        if snr_db is not None:
            power = (pieces[loud] ** 2).mean() / 10 ** (snr_db / 10)
            sound += rng.normal(size=len(sound)) * np.sqrt(power)
        quiet, ended_ms = Quiet(), 500 + PIECE_MS * (int(loud[-1]) + 1)
        told = []
        for start in range(0, len(sound) - PIECE, PIECE):
            quiet.hear(codec.level_db(sound[start : start + PIECE].astype(np.int16)))
            told.append(quiet.quiet_ms)
        after = told[ended_ms // PIECE_MS :]
        heard += 0 in told[: ended_ms // PIECE_MS][-len(loud) :]
        late.append(next((PIECE_MS * n for n, ms in enumerate(after) if ms >= 200), None))
    assert len(late) >= 60
    assert heard >= 0.95 * len(late)
    assert sum(ms is not None and ms <= 300 for ms in late) >= 0.9 * len(late)
