"""Who may come in: checks the signature of a Flask request, webhook or WebSocket. What it wants is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.telephony.address import Received, base_url, signed_url, socket_url
from voicebot.telephony.signature import HEADER, body_is_genuine, form_is_genuine, socket_is_genuine

if TYPE_CHECKING:
    from flask import Request

    from voicebot.config import Settings

FORM = "application/x-www-form-urlencoded"


def is_genuine_webhook(request: Request, settings: Settings) -> bool:
    """Return whether the carrier signed this webhook: the form, or the body's hash where it is no form."""
    header, url = request.headers.get(HEADER), signed_url(_received(request), settings)
    if request.mimetype == FORM:
        return form_is_genuine(header, settings.auth_tokens, url, list(request.form.items(multi=True)))
    return body_is_genuine(header, settings.auth_tokens, url, request.get_data())


def is_genuine_socket(request: Request, settings: Settings) -> bool:
    """Return whether the carrier signed this upgrade to a WebSocket.

    It streams over TLS only, so what it signs begins with wss even where the last hop to us is plain.
    """
    url = socket_url(signed_url(_received(request), settings)).replace("ws://", "wss://", 1)
    return socket_is_genuine(request.headers.get(HEADER), settings.auth_tokens, url)


def own_base_url(request: Request, settings: Settings) -> str:
    """Return this service's base URL as the carrier called it."""
    return base_url(_received(request), settings)


def _received(request: Request) -> Received:
    return Received(
        scheme=request.scheme,
        host=request.host,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        forwarded_proto=request.headers.get("X-Forwarded-Proto", ""),
        forwarded_host=request.headers.get("X-Forwarded-Host", ""),
    )
