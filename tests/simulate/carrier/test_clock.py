from voicebot.simulate.carrier import JumpingClock, RunningClock


def test_a_running_clock_goes_on_by_itself_as_fast_as_it_is_told():
    clock = RunningClock(speed=1000)
    assert clock.seconds_until(-1) == 0
    assert 0 < clock.seconds_until(clock.now_ms() + 60_000) <= 0.06


def test_a_jumping_clock_is_wherever_it_was_waited_for():
    clock = JumpingClock()
    assert clock.now_ms() == 0
    assert clock.seconds_until(5000) == 0
    assert clock.now_ms() == 5000
    assert clock.seconds_until(20) == 0
    assert clock.now_ms() == 5000
