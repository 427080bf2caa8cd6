"""Connection overrides: how long a webhook may take and when it is tried again, as its URL's fragment says. Pure.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides. The fragment is neither sent nor signed. What
Twilio does with a number out of its range is not documented; here the nearest allowed one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qsl, urldefrag

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode


class Failure(StrEnum):
    """What a webhook can fail of; the value is the name of the retry policy that tries it again."""

    CONNECT = "ct"
    READ = "rt"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long Twilio waits, in seconds, and how often it tries again after which failure."""

    connect_s: float = 5.0
    read_s: float = 15.0
    """Until the first byte, and between bytes."""
    total_s: float = 15.0
    """All attempts together."""
    retries: int = 1
    retry_after: frozenset[Failure] = frozenset({Failure.CONNECT})


_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_ALL = "all"


def split(url: str, limits: Limits) -> tuple[str, Limits]:
    """Return the address that is asked and signed, and the limits for it: `limits` where its fragment overrides none.

    Raises CarrierError 11243 for a retry policy that there is not, 11100 for a number that is none.
    """
    address, fragment = urldefrag(url)
    for name, value in parse_qsl(fragment):
        limits = _overridden(limits, name, value)
    return address, limits


def _overridden(limits: Limits, name: str, value: str) -> Limits:
    match name:
        case "ct":
            return replace(limits, connect_s=_number(name, value) / 1000)
        case "rt":
            return replace(limits, read_s=_number(name, value) / 1000)
        case "tt":
            return replace(limits, total_s=_number(name, value) / 1000)
        case "rc":
            return replace(limits, retries=_number(name, value))
        case "rp":
            return replace(limits, retry_after=_policy(value))
        case _:
            return limits


def _number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise CarrierError(ErrorCode.INVALID_URL, f"a connection override {name} that is no number")
    low, high = _RANGES[name]
    return min(max(int(value), low), high)


def _policy(value: str) -> frozenset[Failure]:
    names = set(value.split(","))
    if not names <= {_ALL, *Failure}:
        raise CarrierError(ErrorCode.RETRY_POLICY, "a retry policy that there is not")
    return frozenset(Failure) if _ALL in names else frozenset(Failure(name) for name in names)
