"""Pages open on this machine alone; every response carries the headers."""

from __future__ import annotations

import pytest

from tests.web.office import Office
from voicebot.web.security import is_loopback

PAGES = ["/calls", "/calls/any", "/calls/any/caller.wav", "/calls/static/calls.css"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.8.8.8"])
def test_a_browser_on_this_machine_may_read(client, host):
    assert client.get("/calls", headers={"Host": host}).status_code == 200


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
def test_whoever_is_not_plainly_on_this_machine_is_refused(client, headers, peer):
    for page in PAGES:
        response = client.get(page, headers=headers, environ_overrides={"REMOTE_ADDR": peer})
        assert response.status_code == 403
        assert b"loopback" in response.data


@pytest.mark.parametrize("page", PAGES)
def test_a_line_with_a_public_url_shows_nothing(ruleset, tmp_path, page):
    office = Office(ruleset, tmp_path, public_url="https://line.clinic.example")
    assert office.client.get(page).status_code == 403


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8080", "http://localhost:8080"])
def test_a_public_url_that_is_this_machine_itself_changes_nothing(ruleset, tmp_path, public_url):
    assert Office(ruleset, tmp_path, public_url=public_url).client.get("/calls").status_code == 200


def test_health_is_told_to_everybody(client):
    assert client.get("/healthz", headers={"Host": "line.clinic.example"}).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "/healthz", "/nowhere"])
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


@pytest.mark.parametrize("page", ["/calls", "/calls/any", "/calls/any/caller.wav", "/healthz"])
def test_nothing_of_a_call_is_cached(client, page):
    assert client.get(page).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_pages_only_read(client, page, method):
    assert client.open(page, method=method).status_code == 405


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("", False), (None, False)],  # noqa: S104
)
def test_loopback_is_what_can_only_mean_this_machine(host, loopback):
    assert is_loopback(host) is loopback
