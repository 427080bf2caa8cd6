"""The form fields of Twilio's requests, as a real inbound call has them. Pure.

Field names: twilio.com/docs/voice/twiml#request-parameters, and those seen in the forms of live calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallForm:
    """The fields that every request of one call has."""

    account_sid: str
    call_sid: str
    from_number: str
    """E.164, or what a withheld number looks like: anonymous, +266696687, empty."""
    to_number: str
    call_token: str

    def voice(self, status: str, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the form of a request for TwiML; `status` is the call's (ringing, in-progress, completed)."""
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call_sid,
            "CallStatus": status,
            "CallToken": self.call_token,
            "Called": self.to_number,
            **_place("Called"),
            "Caller": self.from_number,
            **_place("Caller"),
            "Direction": "inbound",
            "From": self.from_number,
            **_place("From"),
            "StirVerstat": "TN-Validation-Passed-A",
            "To": self.to_number,
            **_place("To"),
            **extra,
        }

    def status(self, status: str, sequence: int, duration_s: int, at: datetime) -> dict[str, str]:
        """Return a status callback's form: the call took `duration_s` seconds and got its status `at` this time."""
        return {
            **self.voice(status, {}),
            "CallDuration": str(duration_s),
            "CallbackSource": "call-progress-events",
            "Duration": str(-(-duration_s // 60)),
            "SequenceNumber": str(sequence),
            "SipResponseCode": "200",
            "Timestamp": format_datetime(at),
        }

    def particular(self, form: Mapping[str, str]) -> dict[str, str]:
        """Return what a request says beyond whose call it is: what a log may keep, without numbers and tokens."""
        shared = self.voice("", {}).keys() - {"CallStatus"}
        return {name: value for name, value in form.items() if name not in shared}


def _place(whose: str) -> dict[str, str]:
    """Return where a number is registered, which says nothing about where the caller is."""
    return {f"{whose}City": "", f"{whose}Country": "US", f"{whose}State": "MN", f"{whose}Zip": ""}
