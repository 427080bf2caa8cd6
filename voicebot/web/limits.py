"""How often one address may ask. Counted in this process's memory; no address is logged or kept beyond its minute."""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

if TYPE_CHECKING:
    from flask import Request

IPV6_SUBSCRIBER_BITS = 64
"""One subscriber has a whole /64 (RFC 6177), so all of it counts as one address."""


class RateLimit:
    """So many requests a minute for each address."""

    def __init__(self, per_minute: int, trusted_proxies: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._trusted_proxies = trusted_proxies

    def wait_s(self, request: Request) -> int:
        """Count a request; return 0, or how many seconds its sender has to wait because there were too many."""
        return self.wait_for(sender_of(request, self._trusted_proxies))

    def wait_for(self, whom: str) -> int:
        """Count something done by or to `whom`; return 0, or how many seconds to wait because it was too often."""
        if self._limiter.hit(self._item, whom):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, whom).reset_time - time.time()))


def sender_of(request: Request, trusted_proxies: int) -> str:
    """Return the sender's address as the outermost of our own proxies saw it; for IPv6 the network it is in."""
    told = [item.strip() for item in request.headers.get("X-Forwarded-For", "").split(",") if item.strip()]
    address = told[max(len(told) - trusted_proxies, 0)] if told and trusted_proxies else request.remote_addr or ""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unreadable"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_SUBSCRIBER_BITS), strict=False))
    return str(parsed)
