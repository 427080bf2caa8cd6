"""Sources: twilio.com/docs/voice/api/recording, twilio.com/docs/usage/requests-to-twilio (authentication)."""

import pytest
import requests

from voicebot.simulate.carrier.audio import to_wav
from voicebot.simulate.carrier.recordings import RecordingServer

WHO = ("AC1", "secret")


@pytest.fixture
def served():
    server = RecordingServer(*WHO, not_ready=2)
    yield server
    server.close()


def test_a_recording_is_there_after_a_while(served):
    url = served.keep("RE1", b"\1\2\3\4")
    assert url == f"{served.url}/2010-04-01/Accounts/AC1/Recordings/RE1"
    answers = [requests.get(f"{url}.wav", auth=WHO, timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert answers[2].content == to_wav(b"\1\2\3\4")
    assert answers[2].headers["Content-Type"] == "audio/x-wav"
    assert served.fetched == ["RE1"]


def test_a_deleted_recording_is_gone(served):
    url = served.keep("RE1", b"\1\2")
    assert [requests.delete(url, auth=WHO, timeout=5).status_code for _ in range(2)] == [204, 404]
    assert requests.get(url, auth=WHO, timeout=5).status_code == 404
    assert (served.deleted, served.kept) == (["RE1"], [])


@pytest.mark.parametrize("auth", [None, ("AC1", "wrong"), ("AC2", "secret")])
def test_nobody_else_gets_one(served, auth):
    url = served.keep("RE1", b"\1\2")
    assert requests.get(url, auth=auth, timeout=5).status_code == 401
    assert requests.delete(url, auth=auth, timeout=5).status_code == 401
    assert served.kept == ["RE1"]


def test_any_other_address_is_unknown(served):
    assert requests.get(f"{served.url}/2010-04-01/Accounts/AC1/Calls", auth=WHO, timeout=5).status_code == 404


def test_a_refusal_has_twilios_form(served):
    url = served.keep("RE1", b"\1\2")
    assert requests.get(url, auth=None, timeout=5).json()["code"] == 20003
    assert requests.get(f"{url}0", auth=WHO, timeout=5).json()["code"] == 20404
