"""Twilio's signatures, made with the library's own RequestValidator so that they are what a server must accept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

if TYPE_CHECKING:
    from collections.abc import Mapping


class Signer:
    """Signs with one account's auth token."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)

    def webhook(self, url: str, params: Mapping[str, str]) -> dict[str, str]:
        """Return the signature header of a webhook; a GET is signed without params."""
        return {"X-Twilio-Signature": self._validator.compute_signature(url, dict(params))}

    def stream(self, url: str) -> dict[str, str]:
        """Return the signature header of a stream's handshake: over the wss:// form of the TwiML's URL, no params.

        The header's name is in lower case there. Source: twilio/twilio-agent-connect-python, tac/server/webhook.py.
        """
        signed = urlunsplit(urlsplit(url)._replace(scheme="wss"))
        return {"x-twilio-signature": self._validator.compute_signature(signed, {})}
