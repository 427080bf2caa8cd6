"""The form fields of Twilio's requests, as a real inbound call has them. Pure.

Field names: twilio.com/docs/voice/twiml#request-parameters, and those seen in the forms of live calls.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class CallStatus(StrEnum):
    """What a leg is doing, or how it ended."""

    INITIATED = "initiated"
    """It was dialed and does not ring yet."""
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_over(self) -> bool:
        """Whether the leg has ended."""
        return self not in {CallStatus.INITIATED, CallStatus.RINGING, CallStatus.IN_PROGRESS}


def new_sid(prefix: str) -> str:
    """Return a fresh identifier as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class CallForm:
    """The fields that every request of one leg has."""

    account_sid: str
    call_sid: str
    from_number: str
    """E.164, or what a withheld number looks like: anonymous, +266696687, empty."""
    to_number: str
    call_token: str = ""
    parent_sid: str = ""
    """The leg that dialed this one; empty for a call that came in."""

    def voice(self, status: str, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the form of a request for TwiML; `status` is the leg's."""
        if self.parent_sid:
            kind = {"Direction": "outbound-dial", "ParentCallSid": self.parent_sid}
        else:
            kind = {"Direction": "inbound", "CallToken": self.call_token, "StirVerstat": "TN-Validation-Passed-A"}
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call_sid,
            "CallStatus": status,
            "Called": self.to_number,
            **_place("Called"),
            "Caller": self.from_number,
            **_place("Caller"),
            "From": self.from_number,
            **_place("From"),
            "To": self.to_number,
            **_place("To"),
            **kind,
            **extra,
        }

    def progress(self, status: str, sequence: int, at: datetime, duration_s: int | None) -> dict[str, str]:
        """Return a status callback's form: the leg got its status `at` this time, at its end after `duration_s`."""
        over = {}
        if duration_s is not None:
            over = {
                "CallDuration": str(duration_s),
                "Duration": str(-(-duration_s // 60)),
                "SipResponseCode": "200",
            }
        return {
            **self.voice(status, {}),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(sequence),
            "Timestamp": format_datetime(at),
            **over,
        }

    def particular(self, form: Mapping[str, str]) -> dict[str, str]:
        """Return what a request says beyond whose call it is: what a log may keep, without numbers and tokens."""
        shared = self.voice("", {}).keys() - {"CallStatus"}
        return {name: value for name, value in form.items() if name not in shared}


def _place(whose: str) -> dict[str, str]:
    """Return where a number is registered, which says nothing about where the caller is."""
    return {f"{whose}City": "", f"{whose}Country": "US", f"{whose}State": "MN", f"{whose}Zip": ""}
