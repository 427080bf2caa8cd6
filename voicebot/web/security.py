"""What every response must keep to, the security headers; and whether a request was made on this machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, request

if TYPE_CHECKING:
    from flask import Flask

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; media-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # what a caller said stays out of every cache
}
"""Set on every response; a response that sets one itself keeps its own."""

_PASSED_ON = ("forwarded", "via", "x-real-ip", "x-forwarded-")
"""Beginnings of the headers, in small letters, by which a proxy gives itself away."""


def secure(app: Flask) -> None:
    """Put the security headers on every response of `app`."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def is_from_this_machine(public_url: str | None) -> bool:
    """Return whether the request being answered was plainly made on this machine.

    It was not where a line has a public URL, where the peer is not loopback, where any proxy has passed the request on
    (it looks local while its sender is not), or where the Host is no loopback name (another site's made to point here).
    """
    if public_url and not is_loopback(_host_of(public_url)):
        return False
    if any(name.lower().startswith(_PASSED_ON) for name, _ in request.headers):
        return False
    return is_loopback(_host_of(f"//{request.headers.get('Host', '')}")) and is_loopback(request.remote_addr)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # half an IPv6 address
        return None


def is_loopback(host: str | None) -> bool:
    """Return whether `host`, a name or an address without a port, can only mean this machine."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
