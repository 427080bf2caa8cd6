"""Sources: twilio.com/docs/usage/security (the example), and Twilio's own SDK for sockets."""

import pytest

from voicebot.simulate.carrier.route import Route, Target
from voicebot.simulate.carrier.signing import Signer


def test_a_webhook_is_signed_as_in_twilios_own_example():
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    signed = Signer("12345").webhook("https://mycompany.com/myapp.php?foo=1&bar=2", params)
    assert signed == {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}


@pytest.mark.parametrize("url", ["wss://example.com/media", "ws://example.com/media"])
def test_a_stream_is_signed_over_its_wss_form(url):
    assert Signer("12345").stream(url) == {"x-twilio-signature": "7PR3qMkpDyEJtMrVOY/LDyNq8J8="}


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "phone.example.org"}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://phone.example.org/v?a=1", Target("http://127.0.0.1:80/v?a=1", FORWARDED)),
        ("wss://phone.example.org/media", Target("ws://127.0.0.1:80/media", FORWARDED)),
        ("https://elsewhere.example.org/v", Target("https://elsewhere.example.org/v", {})),
        ("http://127.0.0.1:80/v", Target("http://127.0.0.1:80/v", {})),
    ],
)
def test_the_public_url_leads_to_the_server_under_test(url, target):
    assert Route("http://127.0.0.1:80", "https://phone.example.org").to(url) == target


def test_without_a_public_url_every_address_is_its_own():
    assert Route("http://127.0.0.1:80", "http://127.0.0.1:80").to("ws://127.0.0.1:80/m") == Target(
        "ws://127.0.0.1:80/m", {}
    )
