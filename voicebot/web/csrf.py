"""Whether a form was sent from our own page, by the browser that was given it. Keeps nothing, answers nothing.

Three checks, each enough by itself in a browser that works as it should: where the browser says the form came from
(Sec-Fetch-Site), which site that was (Origin), and a token made of the browser's own secret, which no other site reads.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from flask import Request

TOKEN_FIELD = "form_token"  # noqa: S105 - the field's name


def form_token(secret: str) -> str:
    """Return the token that every form for the browser with this `secret` (its cookie) holds."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def check_form(request: Request, secret: str, public_url: str | None) -> None:
    """Check a form that was posted; `public_url` is where the service is reached, if that is not as `Host` says.

    Raises VoicebotError `form_refused`.
    """
    from_our_page = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    token = request.form.get(TOKEN_FIELD, "")
    genuine = bool(secret) and hmac.compare_digest(token.encode(), form_token(secret).encode())
    if not (from_our_page and _is_our_site(request, public_url) and genuine):
        raise VoicebotError(
            "form_refused",
            "This page is no longer valid, or your browser does not keep cookies.",
            "Please begin again.",
        )


def check_same_site(request: Request, public_url: str | None) -> None:
    """Check by its headers alone that a request which changes something comes from our own page.

    For pages behind a cookie that is SameSite=Lax. A browser tells at least one of Sec-Fetch-Site and Origin; without
    either the request is refused. Raises VoicebotError `form_refused`.
    """
    from_where, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if (from_where or origin) and from_where in {None, "same-origin"} and _is_our_site(request, public_url):
        return
    raise VoicebotError("form_refused", "This was not sent from a page of ours.", "Please load the page again.")


def _is_our_site(request: Request, public_url: str | None) -> bool:
    """Return whether the Origin, if there is one, is us; the scheme is not compared, as a proxy may end TLS."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        site = urlsplit(origin).netloc
    except ValueError:  # half an IPv6 address
        return False
    return bool(site) and site in {request.host, urlsplit(public_url or "").netloc}
