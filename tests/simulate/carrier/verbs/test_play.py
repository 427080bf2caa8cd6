"""Sources: twilio.com/docs/voice/twiml/play, and twilio.com/docs/api/errors/11200 and 12300."""

import pytest
from flask import Response

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, loud, sound
from voicebot.simulate.carrier import EndReason, ErrorCode, SaidKind


def test_play_is_heard_in_its_length(server, call):
    server.answers["/voice"] = "<Play>/hello.wav</Play>"
    server.answers["/hello.wav"] = sound(500)
    caller = Scripted()
    log = call(caller)
    (said,) = caller.heard
    assert (said.name, said.kind, said.audio) == ("/hello.wav", SaidKind.PLAY, loud(500))
    assert said.ends_ms - said.starts_ms == 500
    assert log.heard.count(LOUD) == 4000


def test_play_fetches_its_sound_by_a_signed_get_relative_to_the_document(server, call):
    server.answers["/voice"] = "<Redirect>/deep/down</Redirect>"
    server.answers["/deep/down"] = "<Play>sound.wav</Play>"
    server.answers["/deep/sound.wav"] = sound(20)
    assert call(Scripted()).errors == []
    assert "X-Twilio-Signature" in server.seen[2].headers


def test_play_is_repeated_as_often_as_loop_says(server, call):
    server.answers["/voice"] = '<Play loop="2">/hello.wav</Play>'
    server.answers["/hello.wav"] = sound(100)
    log = call(Scripted())
    assert log.heard.count(LOUD) == 2 * 800
    assert server.paths == ["/voice", "/hello.wav"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (("", 404), ErrorCode.HTTP_RETRIEVAL),
        ("<not-a-sound/>", ErrorCode.CONTENT_TYPE),
        (Response(b"RIFF, or so it says", content_type="audio/x-wav"), ErrorCode.CONTENT_TYPE),
    ],
    ids=["not there", "no sound", "unreadable"],
)
def test_a_sound_that_cannot_be_had_is_a_fatal_error(server, call, answer, code):
    server.answers["/voice"] = "<Play>/hello.wav</Play>"
    server.answers["/hello.wav"] = answer
    server.answers["/fallback"] = "<Hangup/>"
    log = call(Scripted(), fallback_url="/fallback")
    assert log.errors == [code]
    assert server.forms("/fallback")[0]["ErrorCode"] == str(int(code))
    assert log.ended is EndReason.HANGUP_VERB
