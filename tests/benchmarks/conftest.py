"""Made sounds: nothing here is read from outside the project."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.hearing_parts.clips import Clip, locate
from benchmarks.hearing_parts.noises import Bank
from voicebot.dialog.meaning import Meaning


@pytest.fixture
def word():
    """A second with 400 ms of a tone in the middle, after a pause of 300 ms; located."""
    samples = np.zeros(8000)
    samples[2400:5600] = 8000 * np.sin(2 * np.pi * 500 * np.arange(3200) / 8000)
    return locate(samples.astype(np.int16))


@pytest.fixture
def bank():
    """One recorded noise, two rooms, two voices."""
    rng = np.random.default_rng(5)
    noise, first, second = (rng.integers(-3000, 3000, 4000).astype(np.int16) for _ in range(3))
    click = np.zeros(400, np.int16)
    click[10] = 20000
    return Bank({"fan (recorded)": noise}, {"hall": click, "cell": click}, [("s1", first), ("s2", second)])


@pytest.fixture
def clips(tmp_path):
    """Return a yes and some other words; their files are not there."""
    said = ["yes", *(f"word {number}" for number in range(30))]
    return [Clip(name, tmp_path / name, name, Meaning.YES if name == "yes" else None, "s1", "gsc") for name in said]
