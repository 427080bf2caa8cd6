"""This service's addresses as the carrier calls them: what a signature was made over, where TwiML points. Pure.

Behind a proxy the request we see is not the one the carrier sent; a wrong address is the most common reason why
genuine requests are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicebot.config import Settings


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it reached us."""

    scheme: str
    host: str
    """With the port, as in the Host header."""
    path: str
    query: str = ""
    """Exactly as received, without the question mark."""
    forwarded_proto: str = ""
    """X-Forwarded-Proto: one item for each proxy that passed the request on, the nearest last."""
    forwarded_host: str = ""


def base_url(received: Received, settings: Settings) -> str:
    """Return the service's own base URL: the configured one, else what trusted proxies tell, else the request's own."""
    if settings.public_url:
        return settings.public_url
    scheme = _told(received.forwarded_proto, settings.trusted_proxies) or received.scheme
    host = _told(received.forwarded_host, settings.trusted_proxies) or received.host
    return f"{scheme}://{host}"


def signed_url(received: Received, settings: Settings) -> str:
    """Return the address the carrier called, which is what it signed."""
    return base_url(received, settings) + received.path + (f"?{received.query}" if received.query else "")


def socket_url(url: str) -> str:
    """Return `url` (http or https) as the address of a WebSocket."""
    return url.replace("http", "ws", 1)


def _told(header: str, proxies: int) -> str:
    """Return the item written by the outermost of our `proxies`; what stands before it came from outside.

    A proxy that replaces the header instead of adding to it leaves fewer items: then the first is the outermost.
    """
    items = [item.strip() for item in header.split(",") if item.strip()]
    return items[max(len(items) - proxies, 0)] if items and proxies else ""
