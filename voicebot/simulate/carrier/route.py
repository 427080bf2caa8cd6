"""Which address a request is really sent to: the public URL of a server may lead to one on this machine. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

_PLAIN = {"https": "http", "wss": "ws"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and what a proxy in between would have added."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """Leads from the public URL to the server under test; everything else is left as it is."""

    base_url: str
    """Where the server listens, such as http://127.0.0.1:8080."""
    public_url: str
    """What the server believes to be reached as; the same, or such as https://phone.example.org."""

    def to(self, url: str) -> Target:
        """Return where to connect for `url` (http, https, ws or wss)."""
        parts, public, base = urlsplit(url), urlsplit(self.public_url), urlsplit(self.base_url)
        if parts.netloc != public.netloc or public.netloc == base.netloc:
            return Target(url, {})
        scheme = parts.scheme if base.scheme == "https" else _PLAIN.get(parts.scheme, parts.scheme)
        headers = {"X-Forwarded-Proto": public.scheme, "X-Forwarded-Host": public.netloc}
        return Target(urlunsplit(parts._replace(scheme=scheme, netloc=base.netloc)), headers)
