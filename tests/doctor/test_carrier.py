"""Numbers, tokens, port, and the way of a signature to the public URL and back."""

from __future__ import annotations

import socket
import threading

import pytest
from flask import Flask
from werkzeug.serving import make_server

from voicebot.config import Settings
from voicebot.doctor.carrier import (
    check_hours,
    check_numbers,
    check_port,
    check_public_url,
    check_tokens,
    judge_answer,
)
from voicebot.doctor.findings import Status
from voicebot.errors import VoicebotError
from voicebot.parts import Parts
from voicebot.speech.voice import RenderedPrompts
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony.webhooks import voice_blueprint
from voicebot.web.health import health_blueprint

NUMBERS = {
    "line_number": "+16515550199",
    "front_desk_number": "+16515550101",
    "scheduling_number": "+16515550102",
}
TOKENS = {"twilio_auth_token": "12345", "twilio_account_sid": "AC" + 32 * "1"}


def test_hours_are_read_and_who_is_not_rung_is_told(tmp_path):
    assert "tried at any hour" in check_hours(Settings()).what
    hours = tmp_path / "hours.yaml"
    hours.write_text("time_zone: America/Chicago\ndesks: {scheduling: {}}\n")
    assert "Not rung now: scheduling, after hours." in check_hours(Settings(hours=hours)).what
    hours.write_text("time_zone: America/Chicago\ndesks: {billing: {}}\n")
    with pytest.raises(VoicebotError, match=r"hours\.yaml:2"):
        check_hours(Settings(hours=hours))
    with pytest.raises(VoicebotError, match="cannot be read"):
        check_hours(Settings(hours=tmp_path / "none.yaml"))


@pytest.fixture
def served():
    """Serve an application on loopback; return its base URL."""
    servers = []

    def serve(app):
        server = make_server("127.0.0.1", 0, app)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def service(settings, store=None):
    parts = Parts(
        settings=settings,
        ruleset=None,
        snapshot=None,
        grammars=None,
        ears=None,
        voice=RenderedPrompts({}),
        store=store or MemoryStore(),
    )
    app = Flask(__name__)
    app.register_blueprint(health_blueprint(parts))
    app.register_blueprint(voice_blueprint(parts))
    return app


@pytest.mark.parametrize(
    ("settings", "status", "told"),
    [
        (NUMBERS, Status.OK, "nurse calls go to the front desk"),
        (NUMBERS | {"nurse_number": "+16515550103"}, Status.OK, "none is the line's own"),
        (NUMBERS | {"line_number": None}, Status.WARNING, "VOICEBOT_LINE_NUMBER"),
        (NUMBERS | {"front_desk_number": None}, Status.ERROR, "VOICEBOT_FRONT_DESK_NUMBER"),
        ({}, Status.ERROR, "VOICEBOT_FRONT_DESK_NUMBER, VOICEBOT_SCHEDULING_NUMBER"),
    ],
)
def test_numbers_are_asked_for_and_never_told(settings, status, told):
    verdict = check_numbers(Settings(**settings))
    assert verdict.status is status
    assert told in verdict.what
    assert "555" not in verdict.what


@pytest.mark.parametrize(
    ("settings", "status", "told"),
    [
        (TOKENS, Status.OK, "One token is set"),
        (TOKENS | {"twilio_auth_token_next": "67890"}, Status.OK, "Two tokens are set"),
        (TOKENS | {"twilio_account_sid": None}, Status.WARNING, "VOICEBOT_TWILIO_ACCOUNT_SID"),
        ({}, Status.ERROR, "VOICEBOT_TWILIO_AUTH_TOKEN"),
    ],
)
def test_tokens_are_asked_for_and_never_told(settings, status, told):
    verdict = check_tokens(Settings(**settings))
    assert verdict.status is status
    assert told in verdict.what
    assert "12345" not in verdict.what


def test_a_free_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    verdict = check_port(Settings(port=port))
    assert verdict.status is Status.OK
    assert "not running" in verdict.what
    assert check_port(Settings(port=0)).status is Status.OK


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_our_own_service_may_have_the_port(served, tmp_path, host):
    url = served(service(Settings(data_dir=tmp_path, **NUMBERS)))
    verdict = check_port(Settings(host=host, port=int(url.rsplit(":", 1)[1])))
    assert verdict.status is Status.OK
    assert "The service runs" in verdict.what


@pytest.mark.parametrize("answer", ["hello", "[1]", '{"status": "starting"}'])
def test_another_program_on_the_port_is_an_error(served, answer):
    app = Flask(__name__)
    app.add_url_rule("/healthz", view_func=lambda: answer)
    verdict = check_port(Settings(port=int(served(app).rsplit(":", 1)[1])))
    assert verdict.status is Status.ERROR


def test_a_host_of_another_machine_is_an_error():
    assert "EADDRNOTAVAIL" in check_port(Settings(host="203.0.113.9", port=8080)).what


def test_a_signed_request_comes_through_and_stores_nothing(served, tmp_path):
    store = MemoryStore()
    url = served(service(Settings(data_dir=tmp_path, **NUMBERS, **TOKENS), store))
    assert check_public_url(Settings(public_url=url, **TOKENS)).status is Status.OK
    assert store.call_ids() == []


@pytest.mark.parametrize("other", [{"twilio_auth_token": "another"}, {"public_url": "https://line.clinic.example"}])
def test_a_service_with_another_token_or_url_refuses(served, tmp_path, other):
    url = served(service(Settings(data_dir=tmp_path, **NUMBERS, **TOKENS | other)))
    verdict = check_public_url(Settings(public_url=url, **TOKENS))
    assert verdict.status is Status.ERROR
    assert "VOICEBOT_PUBLIC_URL must be exactly" in verdict.remedy


def test_a_url_that_cannot_be_reached_is_a_warning():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    verdict = check_public_url(Settings(public_url=f"http://127.0.0.1:{port}", **TOKENS))
    assert verdict.status is Status.WARNING
    assert "ConnectionError" in verdict.what


def test_without_url_or_token_nothing_is_tried():
    assert check_public_url(Settings(**TOKENS)).status is Status.ERROR
    assert check_public_url(Settings(public_url="https://line.clinic.example")).status is Status.WARNING


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (204, Status.OK),
        (403, Status.ERROR),
        (301, Status.ERROR),
        (308, Status.ERROR),
        (200, Status.ERROR),
        (404, Status.ERROR),
        (502, Status.WARNING),
        (503, Status.WARNING),
    ],
)
def test_every_answer_at_the_public_url_is_judged(answer, status):
    assert judge_answer(answer, secure=True).status is status
