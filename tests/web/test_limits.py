"""Requests are counted by who really sent them, and an address cannot be made up."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from voicebot.web.limits import RateLimit, sender_of


def request(peer, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return Request(EnvironBuilder(headers=headers, environ_overrides={"REMOTE_ADDR": peer}).get_environ())


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "sender"),
    [
        ("203.0.113.9", None, 0, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", 0, "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1", 2, "198.51.100.1"),
        ("10.0.0.1", None, 1, "10.0.0.1"),
        ("10.0.0.1", " , ", 1, "10.0.0.1"),
        ("10.0.0.1", "not an address", 1, "unreadable"),
        ("", None, 0, "unreadable"),
        ("2001:db8:1:2::1", None, 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", None, 0, "2001:db8:1:2::/64"),
    ],
)
def test_the_sender_is_whom_our_own_proxies_saw(peer, forwarded, proxies, sender):
    assert sender_of(request(peer, forwarded), proxies) == sender


def test_each_sender_has_a_count_of_its_own():
    limit = RateLimit(2, trusted_proxies=0)
    assert [limit.wait_s(request("203.0.113.9")) for _ in range(2)] == [0, 0]
    assert 1 <= limit.wait_s(request("203.0.113.9")) <= 60
    assert limit.wait_s(request("203.0.113.10")) == 0


def test_after_a_minute_the_count_begins_anew(monkeypatch):
    limit = RateLimit(1, trusted_proxies=0)
    assert limit.wait_s(request("203.0.113.9")) == 0
    assert limit.wait_s(request("203.0.113.9")) > 0
    now = __import__("time").time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert limit.wait_s(request("203.0.113.9")) == 0
