"""Calls, as a server looks at them and changes them over REST while they go on.

GET and POST of Calls/{CallSid}.json with Url and Method, Twiml, Status (completed, canceled) or TimeLimit. Source:
twilio.com/docs/voice/api/call-resource#update-a-call-resource; errors 20404 and 21220 as live servers meet them. The
other parameters of an update are taken and change nothing.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from voicebot.simulate.carrier.api import Reply
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.updates import Update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.forms import CallForm

_BAD_REQUEST, _NOT_IN_PROGRESS = 20001, 21220
_ENDINGS = frozenset({"", "completed", "canceled"})


class Leg(Protocol):
    """What can be changed: the methods are called from the API's threads."""

    @property
    def form(self) -> CallForm:
        """Whose leg it is."""

    @property
    def status(self) -> CallStatus:
        """What it is doing, or how it ended."""

    def update(self, update: Update) -> None:
        """Have an update carried out when the present 20 ms are over."""

    def limit(self, seconds: float) -> None:
        """Cut the call off at this age."""


class LiveCalls:
    """All legs of a carrier's calls, by CallSid, also those that are over."""

    name = "Calls"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._legs: dict[str, Leg] = {}

    def add(self, leg: Leg) -> None:
        """Let a leg be looked at and changed."""
        with self._lock:
            self._legs[leg.form.call_sid] = leg

    def reply(self, method: str, sid: str, form: Mapping[str, str]) -> Reply:
        """Tell about one, or change it."""
        with self._lock:
            leg = self._legs.get(sid)
        if leg is None or method not in {"GET", "POST"}:
            return Reply.not_found()
        refused = _change(leg, form) if method == "POST" else None
        return refused or Reply.json(_told(leg))


def _change(leg: Leg, form: Mapping[str, str]) -> Reply | None:
    """Have the change carried out; return what is answered if it cannot be."""
    url, twiml, status = form.get("Url", ""), form.get("Twiml", ""), form.get("Status", "")
    limit_s = form.get("TimeLimit", "")
    if (url and twiml) or status not in _ENDINGS or not (limit_s or "0").isdecimal():
        return Reply.error(HTTPStatus.BAD_REQUEST, _BAD_REQUEST, "Invalid parameter")
    if leg.status.is_over and (url or twiml or status):
        return Reply.error(HTTPStatus.BAD_REQUEST, _NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
    if limit_s:
        leg.limit(float(limit_s))
    if status == "completed" or (status == "canceled" and leg.status is not CallStatus.IN_PROGRESS):
        leg.update(Update(ends_call=True))
    elif url or twiml:
        leg.update(Update(url, form.get("Method", "POST"), twiml))
    return None


def _told(leg: Leg) -> dict[str, Any]:
    form = leg.form
    return {
        "sid": form.call_sid,
        "account_sid": form.account_sid,
        "parent_call_sid": form.parent_sid or None,
        "from": form.from_number,
        "to": form.to_number,
        "direction": "outbound-dial" if form.parent_sid else "inbound",
        "status": leg.status.value,
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{form.account_sid}/Calls/{form.call_sid}.json",
    }
