"""Two processes with the bundled model over a handful of recordings: what was heard is kept, and not heard again."""

import numpy as np
import pytest

from benchmarks.hearing_parts.clips import Clip
from benchmarks.hearing_parts.conditions import LOSS, RECORDED
from benchmarks.hearing_parts.engines import fingerprint, specs
from benchmarks.hearing_parts.noises import Bank
from benchmarks.hearing_parts.runs import answers_in, heard_seconds, newest_run, run
from benchmarks.hearing_parts.stretches import Stretch
from tests.benchmarks.test_engines import AUDIO
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.speech.recording import NOTHING, Hearing

OURS = specs()["ours"]
NOBODY = Bank({}, {}, [])
MINUTE = Stretch("nothing", "silence", np.zeros(16_000, np.int16))


@pytest.fixture
def tasks():
    """A yes and a no, as recorded and with frames lost."""
    paths = [next((AUDIO / "gsc" / word).glob("*.flac")) for word in ("yes", "no")]
    clips = [Clip(path.name, path, path.parent.name, Meaning(path.parent.name), "s", "gsc") for path in paths]
    return [(clip, condition, "") for condition in (RECORDED, LOSS[0]) for clip in clips]


def test_what_was_heard_is_kept_and_not_heard_again(tasks, tmp_path):
    first = run(OURS, NOBODY, tasks[:3], [MINUTE], tmp_path, 1)
    assert [row.key for row in first.rows] == [(condition.name, "", clip.name) for clip, condition, _ in tasks[:3]]
    assert [row.meaning for row in first.rows[:2]] == [Meaning.YES, Meaning.NO]
    assert all(row.cpu_s > 0 and row.audio_s > 0.5 for row in first.rows)
    assert [(row.title, row.seconds, row.answers) for row in first.stretches] == [("silence: nothing", 2.0, ())]
    assert first.about["load_s"] > 0

    kept = tmp_path / f"ours-{fingerprint(OURS)}" / "clips.jsonl"
    written = kept.read_bytes()
    whole = run(OURS, NOBODY, tasks, [MINUTE], tmp_path, 2)
    assert kept.read_bytes().startswith(written)
    assert whole.rows[:3] == first.rows
    assert len(kept.read_text().splitlines()) == 4

    assert newest_run(OURS, tmp_path).rows == whole.rows
    assert run(OURS, NOBODY, tasks[:1], [], tmp_path, 1).rows == first.rows[:1]


def test_who_never_listened_has_no_run(tmp_path):
    assert newest_run(OURS, tmp_path) is None


def hearing(meaning, decided_ms):
    return Hearing(str(meaning), meaning, Action.ACCEPT, 0.9, None, decided_ms)


def test_after_an_answer_the_rest_is_listened_to():
    left = []

    def ears(samples):
        left.append(len(samples))
        return hearing(Meaning.NO, 500) if len(samples) > 8000 else NOTHING

    answers = answers_in(ears, np.zeros(16_000, np.int16))
    assert [answer.at_s for answer in answers] == [0.5, 1.0]
    assert left == [16_000, 12_000, 8_000]


@pytest.mark.parametrize("decided_ms", [None, 2500, 0])
def test_listening_on_comes_to_an_end(decided_ms):
    answers = answers_in(lambda _: hearing(Meaning.YES, decided_ms), np.zeros(8000, np.int16))
    assert len(answers) == (50 if decided_ms == 0 else 1)
    assert answers[-1].at_s <= 1.0


def test_sound_after_an_answer_was_not_decoded():
    second = np.zeros(8000, np.int16)
    assert heard_seconds(second, hearing(Meaning.YES, 700)) == 0.7
    assert heard_seconds(second, NOTHING) == 3.0
