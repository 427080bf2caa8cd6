"""A stream that nobody could be heard on is as good as dead, whatever else it sends."""

from __future__ import annotations

import pytest

from voicebot.telephony.watchdog import ENOUGH_MS, WINDOW_S, Watchdog


def windows(*heard_ms):
    """Return at the end of which windows a watchdog gave up, each with so much sound."""
    watchdog, now_s, gave_up = Watchdog(100.0), 100.0, []
    for number, sound_ms in enumerate(heard_ms):
        assert not watchdog.gives_up(now_s + WINDOW_S / 2)
        watchdog.hears(sound_ms)
        now_s += watchdog.left_s(now_s)
        if watchdog.gives_up(now_s):
            gave_up.append(number)
    return gave_up


@pytest.mark.parametrize(
    ("heard_ms", "gave_up"),
    [
        ((5000, 5000, 5000), []),
        ((0,), [0]),
        ((5000, 0), [1]),
        ((ENOUGH_MS, ENOUGH_MS), []),
        ((5000, ENOUGH_MS - 20), [1]),
    ],
    ids=["alive", "silent from the start", "silent from then on", "barely alive", "a frame now and then"],
)
def test_each_window_needs_sound_of_its_own(heard_ms, gave_up):
    assert windows(*heard_ms) == gave_up


def test_a_window_that_is_over_is_not_waited_for():
    watchdog = Watchdog(0.0)
    assert watchdog.left_s(WINDOW_S + 3) == 0.0
