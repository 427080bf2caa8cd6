"""Sends pages to the address that staff named: a signed POST for each, off every caller's thread, until it was taken.

The pages are rows in the store, so whatever is not delivered now, or not before a restart, is tried again. What is sent
holds no word of the caller, none of health and no number. A page may arrive twice; `page_id` tells.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
import structlog
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from voicebot.errors import VoicebotError
from voicebot.telephony.clock import utc_now

if TYPE_CHECKING:
    from voicebot.config import Settings
    from voicebot.storage.rows import PageRow
    from voicebot.storage.store import CallStore

TIMEOUT_S = (3, 5)
"""To connect, and between two pieces of the answer."""
ATTEMPTS = 3
"""In a row, a few seconds apart; after that the page waits for the next round."""
LOOK_EVERY_S = 2.0
"""How often the store is asked for pages: the longest a page waits for its first attempt."""
AFTER_FAILURE_S = 30.0
"""The pause after a round in which a page was not taken."""
TIMESTAMP_HEADER = "X-Voicebot-Timestamp"
SIGNATURE_HEADER = "X-Voicebot-Signature"

_log = structlog.get_logger()


class _NotTakenError(Exception):
    """The address answered, but did not take the page."""


@dataclass(frozen=True, slots=True)
class Message:
    """A page as it is sent."""

    body: bytes
    headers: dict[str, str]


def message(page: PageRow, secret: str, timestamp: int, console_url: str | None) -> Message:
    """Return the JSON of `page` with its signature: HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal.

    `timestamp` is seconds since 1970; who takes pages refuses old ones, so that nobody else can send one again.
    """
    told = {"page_id": page.page_id, "call_id": page.call_id, "reason": page.reason.value, "at": page.at.isoformat()}
    if console_url:
        told["url"] = f"{console_url}/console/calls/{page.call_id}"
    body = json.dumps(told).encode()
    signature = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return Message(
        body,
        {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: f"sha256={signature}",
        },
    )


class Pager:
    """Delivers the pages of one store. Made only where the settings name an address."""

    def __init__(self, settings: Settings, store: CallStore, *, pause_s: float = 1.0) -> None:
        """Take the settings; `pause_s` is the first pause between two attempts."""
        self._url = settings.page_url or ""
        self._secret = settings.page_secret.get_secret_value() if settings.page_secret else ""
        self._console_url = settings.public_url
        self._store = store
        self._pause_s = pause_s
        self._stopped = threading.Event()

    def start(self) -> threading.Thread:
        """Deliver from a thread of its own until `stop`; the process may end without waiting for it."""
        thread = threading.Thread(target=self._run, name="pager", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Let the thread end after what it is at."""
        self._stopped.set()

    def deliver(self) -> bool:
        """Try to send every page still to be sent, the newest first; return whether all were taken.

        Once one was not taken, the others are tried only once: a new page must not wait behind all the old ones.
        Raises VoicebotError `store_failed`.
        """
        attempts = ATTEMPTS
        for page in reversed(self._store.unsent_pages()):
            if not self._deliver(page, attempts):
                attempts = 1
        return attempts == ATTEMPTS

    def _run(self) -> None:
        pause_s = LOOK_EVERY_S
        while not self._stopped.wait(pause_s):
            pause_s = AFTER_FAILURE_S
            try:
                pause_s = LOOK_EVERY_S if self.deliver() else AFTER_FAILURE_S
            except VoicebotError as error:
                _log.error("pages_not_looked_up", code=error.code)
            except Exception as error:  # noqa: BLE001 - the next page must be sent whatever became of this one
                _log.error("pager_failed", error=type(error).__name__)

    def _deliver(self, page: PageRow, attempts: int) -> bool:
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type((_NotTakenError, requests.RequestException)),
                stop=stop_after_attempt(attempts),
                wait=wait_exponential(self._pause_s, max=8),
                sleep=self._pause,
            ):
                with attempt:
                    self._post(page)
        except RetryError:
            _log.error("page_not_delivered", call_id=page.call_id, code="page_not_delivered")
            return False
        self._store.page_sent(page.page_id, utc_now())
        return True

    def _pause(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def _post(self, page: PageRow) -> None:
        sent = message(page, self._secret, int(utc_now().timestamp()), self._console_url)
        answer = requests.post(
            self._url, data=sent.body, headers=sent.headers, timeout=TIMEOUT_S, allow_redirects=False
        )
        if not answer.ok or answer.is_redirect:
            raise _NotTakenError
