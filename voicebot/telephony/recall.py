"""Tells the carrier that a call has something new to do: it then asks /voice/resume, whatever it was doing.

Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
import structlog

if TYPE_CHECKING:
    from voicebot.config import Settings

TIMEOUT_S = (2, 5)
"""To connect, and between two pieces of the answer."""

_log = structlog.get_logger()


class Recall:
    """Calls of our own account at the carrier."""

    def __init__(self, settings: Settings) -> None:
        account = settings.twilio_account_sid or ""
        self._calls = f"{settings.twilio_api_url}/2010-04-01/Accounts/{account}/Calls/"
        self._auth = (account, next(iter(settings.auth_tokens), ""))
        self._resume = f"{settings.public_url}/voice/resume" if settings.public_url else ""

    def __call__(self, call_sid: str) -> bool:
        """Have the call asked about at once; False when the carrier was not reached, or not told where. Never raises.

        Without it the call goes on at the caller's next answer.
        """
        if not all((self._resume, *self._auth)):
            return False
        form = {"Url": self._resume, "Method": "POST"}
        try:
            answer = requests.post(
                f"{self._calls}{call_sid}.json", data=form, auth=self._auth, timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.RequestException as error:
            _log.error("recall_failed", error=type(error).__name__)
            return False
        if answer.status_code != requests.codes.ok:
            _log.error("recall_failed", status=answer.status_code)
        return bool(answer.status_code == requests.codes.ok)
