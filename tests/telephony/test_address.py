import pytest

from voicebot.config import load_settings
from voicebot.telephony.address import Received, signed_url, socket_url

PLAIN = Received("http", "10.0.0.5:8080", "/voice/turn", "n=3&x=%2f+")


def behind(proxies: int, proto: str, host: str) -> str:
    received = Received("http", "10.0.0.5:8080", "/voice/turn", "", proto, host)
    return signed_url(received, load_settings(public_url=None, trusted_proxies=proxies))


def test_the_public_url_stands_above_all():
    settings = load_settings(public_url="https://line.example.org/clinic/", trusted_proxies=2)
    assert signed_url(PLAIN, settings) == "https://line.example.org/clinic/voice/turn?n=3&x=%2f+"


def test_without_one_the_request_tells():
    assert signed_url(PLAIN, load_settings(public_url=None)) == "http://10.0.0.5:8080/voice/turn?n=3&x=%2f+"


def test_forwarded_headers_are_not_believed_without_a_trusted_proxy():
    assert behind(0, "https", "evil.example.org") == "http://10.0.0.5:8080/voice/turn"


@pytest.mark.parametrize(
    ("proxies", "proto", "host"),
    [
        (1, "https", "line.example.org"),
        (1, "http, https", "evil.example.org, line.example.org"),
        (2, "https, http", "line.example.org,inner"),
        (2, "http, https, http", "evil.example.org, line.example.org, inner"),
        (2, "https", "line.example.org"),
    ],
    ids=["one", "client wrote before one", "two", "client wrote before two", "the outer of two replaced"],
)
def test_the_outermost_trusted_proxy_tells(proxies: int, proto: str, host: str):
    assert behind(proxies, proto, host) == "https://line.example.org/voice/turn"


def test_a_trusted_proxy_that_tells_nothing_changes_nothing():
    assert behind(1, "", " ,") == "http://10.0.0.5:8080/voice/turn"


def test_a_socket_has_its_own_scheme():
    assert socket_url("https://line.example.org/http") == "wss://line.example.org/http"
    assert socket_url("http://127.0.0.1:8080") == "ws://127.0.0.1:8080"
