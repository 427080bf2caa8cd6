from __future__ import annotations

import io

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicebot.speech.codec import SILENCE, decode
from voicebot.storage.audio import CallAudio, keep_place
from voicebot.storage.two_lanes import MAX_PEAKS, TwoLanes, peaks, recorded, silent, stretches, total_ms

CALLER, LINE = b"\x10", b"\x90"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def record(folder, starts_at_ms, ms, caller=CALLER, line=LINE):
    audio = CallAudio(folder, "call", starts_at_ms)
    audio.write(caller * 8 * ms, line * 8 * ms)
    return audio.close()


@pytest.fixture
def found(folder):
    return stretches(record(folder, 1000, 500) + record(folder, 3000, 250), folder)


def test_both_sides_lie_on_the_calls_clock_with_silence_where_nothing_was_recorded(found):
    sound, rate = soundfile.read(io.BytesIO(TwoLanes(found).read()), dtype="int16")
    assert (rate, sound.shape) == (8000, (26_000, 2))
    caller, line, silence = (int(decode(code)[0]) for code in (CALLER, LINE, SILENCE))
    for at_ms, expected in (
        (0, (silence, silence)),
        (1200, (caller, line)),
        (2000, (silence, silence)),
        (3100, (caller, line)),
    ):
        assert tuple(sound[at_ms * 8]) == expected


def test_it_is_mu_law_as_stored(found):
    info = soundfile.info(io.BytesIO(TwoLanes(found).read()))
    assert (info.subtype, info.channels, info.samplerate, info.frames) == ("ULAW", 2, 8000, 26_000)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(begin=st.integers(0, 52_100), size=st.integers(-1, 3000))
def test_any_part_is_what_the_whole_has_there(found, begin, size):
    whole = TwoLanes(found)
    everything = whole.read()
    assert len(everything) == whole.size
    assert whole.seek(begin) == begin
    assert whole.read(size) == (everything[begin:] if size < 0 else everything[begin : begin + size])
    assert whole.tell() == max(begin, min(len(everything), begin + size) if size >= 0 else len(everything))


def test_what_was_recorded_is_told(found):
    assert recorded(found) == [(1000, 1500), (3000, 3250)]
    assert total_ms(found) == 3250
    assert recorded([]) == []
    assert total_ms([]) == 0


def test_files_that_are_gone_or_were_cut_short_are_silent(folder):
    files = record(folder, 0, 100) + record(folder, 200, 100)
    (folder / files[0].name).unlink()
    path = folder / files[2].name
    path.write_bytes(path.read_bytes()[:-400])
    found = stretches(files, folder)
    sound, _ = soundfile.read(io.BytesIO(TwoLanes(found).read()), dtype="int16")
    assert len(found) == 3
    assert abs(sound[50 * 8][0]) == 0 != abs(sound[50 * 8][1])
    assert abs(sound[-1][0]) == 0 != abs(sound[-1][1])


def test_where_the_caller_is_is_heard_on_the_callers_side(folder):
    found = stretches([keep_place(folder, "call", 500, CALLER * 8 * 100)], folder)
    caller, line = peaks(found, 1000)
    assert max(caller) > 0 == max(line)


def test_loudness_is_told_for_equal_parts_of_the_call(found):
    caller, line = peaks(found, 4000)
    assert len(caller) == len(line) == 80
    loud = abs(int(decode(CALLER)[0])) / 32768
    assert [round(value / loud) for value in caller] == [0] * 20 + [1] * 10 + [0] * 30 + [1] * 5 + [0] * 15


def test_a_long_call_has_no_more_values_than_fit_on_a_screen(found):
    caller, _ = peaks(found, 15 * 60_000)
    assert len(caller) <= MAX_PEAKS
    assert max(caller) > 0


def test_without_sound_there_is_nothing_to_tell():
    assert peaks([], 0) == ([0.0], [0.0])


def of(*loudness_and_ms):
    """Return peaks, one each 50 ms, of stretches that are so loud for so long."""
    return [loudness for loudness, ms in loudness_and_ms for _ in range(ms // 50)]


def test_silence_is_where_neither_side_is_heard_with_a_little_left_at_both_ends():
    caller = of((0.0, 4000), (0.2, 1000), (0.002, 5000))
    line = of((0.0, 2000), (0.3, 1000), (0.0, 7000))
    assert silent(caller, line, [(0, 10_000)], 10_000) == [(0, 1700), (5300, 9700)]


@pytest.mark.parametrize("background", [0.0, 0.004, 0.011])
def test_a_background_is_no_sound_and_speech_over_it_is(background):
    caller = of((0.0, 2000), (background, 3000), (0.1, 1000), (background, 4000))
    assert silent(caller, of((0.0, 10_000)), [(2000, 10_000)], 10_000) == [(0, 4700), (6300, 9700)]


def test_what_may_be_speech_is_never_skipped():
    faint = of((0.0, 5000), (0.012, 5000))
    assert silent(faint, of((0.0, 10_000)), [(0, 10_000)], 10_000) == [(0, 4700)]
    assert silent(of((0.04, 10_000)), of((0.0, 10_000)), [(0, 10_000)], 10_000) == []


def test_a_short_pause_is_no_silence():
    for pause_ms, found in ((1500, []), (1600, [(1300, 2300)])):
        caller = of((0.2, 1000), (0.0, pause_ms), (0.2, 1000))
        assert silent(caller, of((0.0, 2000 + pause_ms)), [(0, 2000 + pause_ms)], 2000 + pause_ms) == found
