"""Source: twilio.com/docs/voice/twiml/say. Its length is a guess: nobody speaks here."""

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import SaidKind


def test_say_takes_a_likely_time_in_silence(server, call):
    server.answers["/voice"] = "<Say> Please hold the line </Say>"
    caller = Scripted()
    log = call(caller)
    (said,) = caller.heard
    assert (said.name, said.kind) == ("Please hold the line", SaidKind.SAY)
    assert said.ends_ms - said.starts_ms == 20 * 65
    assert set(log.heard) == {0xFF}


def test_say_is_repeated_as_often_as_loop_says(server, call):
    server.answers["/voice"] = '<Say loop="3">Hello</Say>'
    assert call(Scripted()).said == ["Hello"] * 3


def test_a_loop_of_zero_goes_on_until_the_caller_hangs_up(server, call):
    server.answers["/voice"] = '<Say loop="0">Hello</Say>'
    assert len(call(Scripted(), time_limit_s=10).said) > 20
