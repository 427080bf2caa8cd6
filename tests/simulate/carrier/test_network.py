"""How frames travel. Source: streams that live calls left, for timestamps; how late frames arrive is a guess."""

import random

import pytest

from voicebot.simulate.carrier import Network


def test_frames_are_late_by_less_than_the_jitter():
    chance = random.Random(1)
    late = [Network(jitter_ms=8).late_ms(chance) for _ in range(1000)]
    assert min(late) >= 0
    assert 7 < max(late) < 8


def test_without_jitter_frames_are_on_time():
    assert Network(jitter_ms=0).late_ms(random.Random(1)) == 0


@pytest.mark.parametrize("jitter_ms", [-1, 20])
def test_frames_never_overtake_one_another(jitter_ms):
    with pytest.raises(ValueError, match="jitter_ms"):
        Network(jitter_ms=jitter_ms)


def test_stalls_and_outages_come_at_the_end_of_each_stretch():
    network = Network(stall_every_s=1, stall_ms=200, outage_every_s=2, outage_ms=100)
    times = range(0, 4000, 20)
    stalled = [*range(800, 1000, 20), *range(1800, 2000, 20), *range(2800, 3000, 20), *range(3800, 4000, 20)]
    assert [at for at in times if network.stalls(at)] == stalled
    assert [at for at in times if network.is_out(at)] == [*range(1900, 2000, 20), *range(3900, 4000, 20)]


def test_by_default_nothing_is_held_back_or_missing():
    assert not any(Network().stalls(at) or Network().is_out(at) for at in range(0, 60_000, 20))
