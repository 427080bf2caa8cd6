"""Every response carries the headers; and what counts as this machine."""

from __future__ import annotations

import pytest
from flask import Flask

from voicebot.web.security import is_from_this_machine, is_loopback


def asked(public_url=None, peer="127.0.0.1", **headers):
    """Return whether a request with these headers counts as made on this machine."""
    app = Flask(__name__)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with app.test_request_context("/", headers={"Host": "localhost"} | names, environ_base={"REMOTE_ADDR": peer}):
        return is_from_this_machine(public_url)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.8.8.8"])
def test_a_browser_on_this_machine_counts(host):
    assert asked(Host=host)


@pytest.mark.parametrize(
    ("headers", "peer"),
    [
        ({"Host": "clinic.example"}, "127.0.0.1"),
        ({"Host": "clinic.example:8080"}, "127.0.0.1"),
        ({"Host": "localhost.clinic.example"}, "127.0.0.1"),
        ({"Host": "127.0.0.1.clinic.example"}, "127.0.0.1"),
        ({"Host": "127.0.0.1@clinic.example"}, "127.0.0.1"),
        ({"Host": "192.168.0.4:8080"}, "127.0.0.1"),
        ({"Host": "[::1"}, "127.0.0.1"),
        ({"Host": ""}, "127.0.0.1"),
        ({}, "192.168.0.4"),
        ({}, "203.0.113.9"),
        ({}, "fe80::1"),
        ({}, ""),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1"),
        ({"X-Forwarded-Proto": "https"}, "127.0.0.1"),
        ({"X-Forwarded-Host": "localhost"}, "127.0.0.1"),
        ({"x-forwarded-anything": "1"}, "127.0.0.1"),
        ({"X-Real-IP": "127.0.0.1"}, "127.0.0.1"),
        ({"Forwarded": "for=127.0.0.1"}, "127.0.0.1"),
        ({"Via": "1.1 proxy"}, "127.0.0.1"),
    ],
)
def test_whoever_is_not_plainly_on_this_machine_does_not(headers, peer):
    assert not asked(peer=peer, **headers)


def test_a_line_with_a_public_url_is_not_this_machine():
    assert not asked(public_url="https://line.clinic.example")


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8080", "http://localhost:8080"])
def test_a_public_url_that_is_this_machine_itself_changes_nothing(public_url):
    assert asked(public_url=public_url)


def test_health_is_told_to_everybody(client):
    assert client.get("/healthz", headers={"Host": "line.clinic.example"}).status_code == 200


@pytest.mark.parametrize("page", ["/healthz", "/nowhere"])
@pytest.mark.parametrize("host", ["localhost", "clinic.example"])
def test_every_response_carries_the_headers(client, page, host):
    headers = client.get(page, headers={"Host": host}).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "media-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("", False), (None, False)],  # noqa: S104
)
def test_loopback_is_what_can_only_mean_this_machine(host, loopback):
    assert is_loopback(host) is loopback
