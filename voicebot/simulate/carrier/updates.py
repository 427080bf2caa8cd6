"""Call updates: what a server may ask over REST to be done with a call that is going on. Values only.

Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Update:
    """Take the call to other TwiML, or end it."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    """Instructions themselves, instead of a URL."""
    ends_call: bool = False
