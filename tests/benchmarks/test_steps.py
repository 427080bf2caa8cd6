"""What each step of hearing costs: every step is met and timed, with either kernels."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import steps


@pytest.mark.e2e
def test_every_step_is_timed_with_both_kernels(monkeypatch, tmp_path):
    folder = tmp_path / "yes"
    folder.mkdir()
    recording = min((steps.RECORDINGS / "yes").iterdir())
    (folder / recording.name).write_bytes(recording.read_bytes())
    monkeypatch.setattr(steps, "RECORDINGS", tmp_path)
    watch = steps.measure()
    assert set(watch.spent) == set(steps.STEPS)
    assert all(spent and min(spent) > 0 for spent in watch.spent.values())


def test_a_recognizer_wakes_once_for_a_word_on_a_quiet_line():
    chance = np.random.default_rng(0)
    spoken = (8000 * np.sin(np.arange(4000))).astype(np.int16)
    told = list(steps.pieces(steps.on_a_quiet_line(spoken, chance)))
    assert [wakes for _, _, wakes in told].count(True) == 1
    assert not any(awake for _, awake, _ in told[:90])


def test_the_table_compares_the_first_kernels_with_the_last():
    measured = {"wide": [dict.fromkeys(steps.STEPS, 1.0)], "old": [dict.fromkeys(steps.STEPS, 2.0)]}
    head, _, *rows = steps.table(measured)
    assert head == "| a step, ms of CPU | wide | old | ratio |"
    assert len(rows) == len(steps.STEPS)
    assert all(row.endswith("| 1.0 | 2.0 | 0.50 |") for row in rows)


def _twice_as_long_with_others(environment):
    return dict.fromkeys(steps.STEPS, 2.0 if environment[steps.CHOICE] == "Prescott" else 1.0)


def test_both_kernels_are_measured_in_turn(monkeypatch):
    monkeypatch.setenv(steps.CHOICE, "SkylakeX")
    monkeypatch.setattr(steps, "_in_a_process", _twice_as_long_with_others)
    done = CliRunner().invoke(steps.main, ["--rounds", "2"], catch_exceptions=False)
    assert "| 1.0, 1.0 | 2.0, 2.0 | 0.50 |" in done.output
