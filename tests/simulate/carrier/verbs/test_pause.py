"""Source: twilio.com/docs/voice/twiml/pause."""

from tests.simulate.carrier.carrier_fakes import Scripted
from voicebot.simulate.carrier import EndReason


def test_pause_waits_one_second_unless_told_otherwise(server, call):
    lengths = []
    for attributes in ("", 'length="3"'):
        server.answers["/voice"] = f"<Pause {attributes}/>"
        log = call(Scripted())
        assert log.ended is EndReason.END_OF_DOCUMENT
        lengths.append(len(log.heard) // 8)
    assert lengths == [1000, 3000]


def test_nothing_is_heard_or_said_in_a_pause(server, call):
    server.answers["/voice"] = "<Pause/>"
    log = call(Scripted())
    assert set(log.heard) == set(log.spoken) == {0xFF}
    assert log.said == []
