import numpy as np
import pytest

from benchmarks.hearing_parts.noises import Bank, noise

LENGTH = 16_000


def spectrum(sound):
    return np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / 8000)


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "babble", "fan (recorded)"])
def test_every_noise_has_power_one_and_is_repeatable(bank, kind):
    first, again = (noise(kind, LENGTH, np.random.default_rng(4), bank, "s1") for _ in range(2))
    assert len(first) == LENGTH
    assert np.mean(first**2) == pytest.approx(1.0)
    assert (first == again).all()


def test_pink_noise_falls_by_3_db_an_octave(bank):
    power, hertz = spectrum(noise("pink", 400_000, np.random.default_rng(4), bank))
    low = power[(hertz > 400) & (hertz < 600)].mean()
    high = power[(hertz > 800) & (hertz < 1200)].mean()
    assert 10 * np.log10(low / high) == pytest.approx(3.0, abs=0.3)


def test_hum_is_that_of_the_mains(bank):
    power, hertz = spectrum(noise("hum", LENGTH, np.random.default_rng(4), bank))
    assert hertz[power.argmax()] == pytest.approx(60.0, abs=0.5)


def test_nobody_babbles_beside_themselves(bank):
    alone = Bank({}, {}, [("s1", np.full(800, 1, np.int16)), ("s2", np.full(800, -1, np.int16))])
    assert (noise("babble", LENGTH, np.random.default_rng(4), alone, "s1") < 0).all()


def test_babble_needs_voices(bank):
    assert bank.kinds() == ("white", "pink", "hum", "babble", "fan (recorded)")
    assert Bank({}, {}, []).kinds() == ("white", "pink", "hum")
