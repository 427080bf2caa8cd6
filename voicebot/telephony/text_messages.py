"""Texts a caller what was agreed about a call back. Off unless the settings say so; a failure never reaches a call.

No word of health: whoever holds the telephone may read it. One attempt, as a message sent twice is worse than none.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import requests
import structlog
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from voicebot import assets
from voicebot.dialog.effects import PreferredTime

if TYPE_CHECKING:
    from voicebot.config import Settings
    from voicebot.storage.store import CallStore

TIMEOUT_S = (2, 5)
"""To connect, and between two pieces of the answer."""

_log = structlog.get_logger()


class _Words(BaseModel):
    """The texts of prompts/en/text/messages.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_back: dict[PreferredTime, str]


@cache
def words() -> dict[PreferredTime, str]:
    """Return what is texted about a call back, by its time; a time that is left out is not texted about."""
    text = (assets.PROMPTS / "text" / "messages.yaml").read_text("utf-8")
    return _Words.model_validate(YAML(typ="safe", pure=True).load(text)).call_back


class TextMessages:
    """Messages through the carrier, from the line's own number."""

    def __init__(self, settings: Settings, store: CallStore) -> None:
        self._url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/Messages.json"
        self._auth = (settings.twilio_account_sid or "", next(iter(settings.auth_tokens), ""))
        self._from = settings.line_number or ""
        self._store = store

    def about_call_back(self, call_id: str) -> None:
        """Text the caller if the call ended with the promise of a call back. Never raises: what fails is logged."""
        try:
            row = next((row for row in self._store.call_backs() if row.call_id == call_id), None)
            if row is not None and row.number and row.preferred in words():
                self._send(row.number, words()[row.preferred])
        except Exception as error:  # noqa: BLE001 - the call is over, and was as good without it
            _log.error("text_message_failed", call_id=call_id, error=type(error).__name__)

    def _send(self, to: str, body: str) -> None:
        message = {"From": self._from, "To": to, "Body": body}
        answer = requests.post(self._url, data=message, auth=self._auth, timeout=TIMEOUT_S, allow_redirects=False)
        if answer.status_code != requests.codes.created:
            raise requests.HTTPError
