"""Tells whether the carrier made a request: X-Twilio-Signature over the address it was sent to. Pure, fails closed.

The signature is base64(HMAC-SHA1(token, address + sorted parameters)) (Twilio, "Webhooks security"). Twilio's own
library is not used: it gives wss addresses the port 80, mangles addresses with a user name, and compares lengths
before contents. What a webhook means never belongs here.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha1, sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = "X-Twilio-Signature"

Parameters = Sequence[tuple[str, str]]
"""Names and values, a repeated name once for each value."""

LATE_PARAMETERS = frozenset({"CallToken", "StirVerstat"})
"""Some requests carry these although they were signed without them; captures of Twilio disagree."""

_ADDRESS = re.compile(r"([a-z]+://[^/?#]*?)(?::\d*)?([/?#].*)?", re.DOTALL | re.IGNORECASE)


def sign(token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """Return the signature of a request to `url`; repeated parameters are sorted and counted once."""
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    return b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


def form_is_genuine(header: str | None, tokens: Sequence[str], url: str, parameters: Parameters) -> bool:
    """Return whether `header` signs a form with these parameters, or an upgrade to a WebSocket with none.

    `url` is the address as it was called, the query as received. Any of `tokens` may have signed it.
    """
    fewer = [(name, value) for name, value in parameters if name not in LATE_PARAMETERS]
    return _signed(header, tokens, url, parameters) or _signed(header, tokens, url, fewer)


def body_is_genuine(header: str | None, tokens: Sequence[str], url: str, body: bytes) -> bool:
    """Return whether `header` signs `url`, and the `bodySHA256` in its query is that of `body` (JSON webhooks)."""
    claimed = [value for name, value in parse_qsl(urlsplit(url).query) if name == "bodySHA256"]
    body_matches = len(claimed) == 1 and _equal(claimed[0].lower(), sha256(body).hexdigest())
    return body_matches and _signed(header, tokens, url, ())


def socket_is_genuine(header: str | None, tokens: Sequence[str], url: str) -> bool:
    """Return whether `header` signs the upgrade to the WebSocket at `url` (wss); its query counts as parameters."""
    address, _, query = url.partition("?")
    return form_is_genuine(header, tokens, address, parse_qsl(query, keep_blank_values=True))


def _signed(header: str | None, tokens: Sequence[str], url: str, parameters: Parameters) -> bool:
    return bool(header) and any(
        _equal(str(header), sign(token, variant, parameters)) for token in tokens if token for variant in _variants(url)
    )


def _variants(url: str) -> Iterator[str]:
    """Yield the forms of `url` that the carrier may have signed: it adds and drops the port inconsistently."""
    yield url
    if parts := _ADDRESS.fullmatch(url):
        host, rest = parts[1], parts[2] or ""
        yield from (host + port + rest for port in ("", ":443", ":80"))


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
